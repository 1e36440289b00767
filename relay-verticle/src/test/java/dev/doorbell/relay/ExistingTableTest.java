package dev.doorbell.relay;

import static dev.doorbell.relay.TestRelay.PATIENCE;
import static dev.doorbell.relay.TestTopic.header;
import static dev.doorbell.relay.TestTopic.payload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

/** Tables that were there before the relay, of other shapes than ours. */
class ExistingTableTest {
    /** Version 4, as most applications make them. */
    private static final String FIRST = "9d2e5e5a-30a4-4c2b-9f3a-0a1b2c3d4e5f";

    private static final String SECOND = "1d2e5e5a-30a4-4c2b-9f3a-0a1b2c3d4e5f";

    @Test
    void debeziumsTableIsRelayedAsDebeziumDoesIt() throws Exception {
        ExistingTable table = ExistingTable.debeziums().with("HEADER_MAP", "type:header:eventType,id:header:eventId");
        table.append(FIRST, "c-1", "Created", "'{\"b\":1,  \"a\":\"ü\"}'");
        table.installed(true);
        try (TestRelay relay = table.relay(Map.of());
                TestTopic topic = new TestTopic(table.source)) {
            relay.awaitLeading(table.source);
            table.append(SECOND, "c-1", "Changed", "'[]'");
            List<ConsumerRecord<byte[], byte[]>> records = topic.awaitPayloads("{\"a\": \"ü\", \"b\": 1}", "[]");
            assertThat(records).hasSize(2);
            assertThat(records).extracting(record -> text(record.key())).containsOnly("c-1");
            assertThat(headers(records.get(0)))
                    .as("what the router puts, and not a header more")
                    .isEqualTo(Map.of("id", FIRST, "eventType", "Created", "eventId", FIRST));
            assertThat(headers(records.get(1)))
                    .isEqualTo(Map.of("id", SECOND, "eventType", "Changed", "eventId", SECOND));
        }
    }

    @Test
    void aNullPayloadIsANullValueAndANullColumnAHeaderWithoutAValue() throws Exception {
        ExistingTable table = new ExistingTable(ExistingTable.DEBEZIUM_DDL, "ALTER TABLE outbox ADD COLUMN tenant text")
                .with("TABLE", "public.outbox")
                .with("COLUMNS", "debezium")
                .with("HEADER_STYLE", "debezium")
                .with("HEADER_MAP", "tenant:header")
                .installed(true);
        table.append(FIRST, "c-1", "Removed", "NULL");
        try (TestRelay relay = table.relay(Map.of());
                TestTopic topic = new TestTopic(table.source)) {
            relay.awaitLeading(table.source);
            await().atMost(PATIENCE).until(() -> topic.recordsNow().size() == 1);
            ConsumerRecord<byte[], byte[]> record = topic.recordsNow().get(0);
            assertThat(record.value()).isNull();
            assertThat(record.headers().lastHeader("tenant").value()).isNull();
        }
    }

    @Test
    void aHeadersColumnAndAHeaderMapGoTogether() throws Exception {
        ExistingTable table = new ExistingTable(
                        ExistingTable.DEBEZIUM_DDL,
                        "ALTER TABLE outbox ADD COLUMN headers jsonb, ADD COLUMN tenant text")
                .with("TABLE", "public.outbox")
                .with("COLUMNS", "debezium,headers:headers")
                .with("HEADER_STYLE", "debezium")
                .with("HEADER_MAP", "tenant:header,type:header:eventType")
                .installed(true);
        table.source.execute(
                "INSERT INTO outbox (id, aggregatetype, aggregateid, type, payload, headers, tenant) VALUES "
                        + "('" + FIRST
                        + "', 'customer', 'c-1', 'Opened', '1', '{\"tenant\": \"b\", \"attempt\": 3}', 'a'), "
                        + "('" + SECOND + "', 'customer', 'c-1', 'Closed', '2', '[]', 'a')");
        try (TestRelay relay = table.relay(Map.of());
                TestTopic topic = new TestTopic(table.source)) {
            relay.awaitLeading(table.source);
            List<ConsumerRecord<byte[], byte[]>> records = topic.awaitPayloads("1", "2");
            assertThat(headers(records.get(0)))
                    .as("of a row with both")
                    .isEqualTo(Map.of("id", FIRST, "attempt", "3", "tenant", "a", "eventType", "Opened"));
            assertThat(headers(records.get(1)))
                    .as("of a row whose document is no object")
                    .isEqualTo(Map.of("id", SECOND, "tenant", "a", "eventType", "Closed"));
        }
    }

    /** The key of this table's locks is negative, which PostgreSQL writes in another way. */
    @Test
    void aTableWithTextIdsAndNamesInCapitalsIsRelayedAndItsTriggerWakesTheRelay() throws Exception {
        ExistingTable table = shop("text", "text").installed(true);
        try (TestRelay relay = table.relay(Doze.RUNG_ONLY);
                Doze doze = new Doze(table.source);
                TestTopic topic = new TestTopic(table.source)) {
            relay.awaitLeading(table.source);
            doze.awaitAsleep(relay);
            table.source.execute("INSERT INTO shop.\"Outbox\" (\"Id\", kind, entity, what, body, at) "
                    + "VALUES ('order/7', 'customer', 42, 'Paid', 'plain', '2026-03-01T10:00:00Z')");
            ConsumerRecord<byte[], byte[]> record = topic.awaitPayloads("plain").get(0);
            assertThat(text(record.key())).isEqualTo("42");
            assertThat(header(record, "ce_id")).isEqualTo("order/7");
            assertThat(header(record, "ce_type")).isEqualTo("Paid");
            assertThat(header(record, "ce_time")).isEqualTo("2026-03-01T10:00:00Z");
            assertThat(header(record, "ce_sequence")).isEqualTo("1");
            assertThat(header(record, "content-type")).isEqualTo("application/json");
        }
    }

    @Test
    void bytesAndJsonAreSentAsTheyAreStored() throws Exception {
        ExistingTable bytes = shop("uuid", "bytea").installed(true);
        ExistingTable json = shop("uuid", "json").installed(true);
        Map<String, String> both = bytes.settings(json.settings(Map.of()));
        try (TestRelay relay = TestRelay.start(both, bytes.source, json.source);
                TestTopic bytesTopic = new TestTopic(bytes.source);
                TestTopic jsonTopic = new TestTopic(json.source)) {
            relay.awaitLeading(bytes.source);
            appendTo(bytes, "convert_to('{\"b\":1,  \"a\":2}', 'UTF8')");
            appendTo(json, "'{\"b\":1,  \"a\":2}'");
            bytesTopic.awaitPayloads("{\"b\":1,  \"a\":2}");
            jsonTopic.awaitPayloads("{\"b\":1,  \"a\":2}");
        }
    }

    @Test
    void aKeyThatWasParkedIsReleasedFromTheRowsThemselves() throws Exception {
        ExistingTable table = shop("text", "text").installed(true);
        appendTo(table, "repeat('x', 5000)");
        appendTo(table, "'parked'");
        try (TestRelay relay = table.relay(Map.of("RELAY_RECORD_BYTES_MAX", "4000"))) {
            relay.awaitLeading(table.source);
            await().atMost(PATIENCE)
                    .until(() -> "relay:shop.Outbox UNPUBLISHABLE,relay:shop.Outbox PARKED"
                            .equals(table.source.value("SELECT string_agg(consumer || ' ' || reason, ',' ORDER BY id) "
                                    + "FROM doorbell.dead_letter")));
        }
        ReleaseKey.run(
                table.environment(),
                List.of("--source", table.source.name, "--topic", table.source.topic, "--key", "42"));
        assertThat(table.source.value("SELECT (SELECT count(*) FROM doorbell.dead_letter) || ' ' || (SELECT count(*) "
                        + "FROM doorbell.parked_key) || ' ' || min(pos) FROM shop.\"Outbox\""))
                .isEqualTo("0 0 3");
        try (TestRelay relay = table.relay(Map.of());
                TestTopic topic = new TestTopic(table.source)) {
            relay.awaitLeading(table.source);
            List<ConsumerRecord<byte[], byte[]>> records = topic.awaitPayloads("x".repeat(5_000), "parked");
            assertThat(records).extracting(TestTopic::payload).containsExactly("x".repeat(5_000), "parked");
        }
    }

    @Test
    void publishedRowsLeaveWhereTheirAgeIsKnownAndStayWhereItIsNot() throws Exception {
        ExistingTable known = shop("text", "text").installed(false);
        ExistingTable unknown = ExistingTable.debeziums().installed(false);
        appendTo(known, "'old'");
        unknown.append(FIRST, "c-1", "Created", "'{}'");
        for (ExistingTable table : List.of(known, unknown)) {
            table.source.execute("UPDATE doorbell.outbox_cursor SET published_through = 1");
        }
        assertThat(removed(known)).isEqualTo(1);
        assertThat(removed(unknown)).isZero();
    }

    @Test
    void aStepOfTheRetentionCostsTheSameHoweverMuchWasRemovedBeforeIt() throws Exception {
        ExistingTable table = shop("text", "text").installed(false);
        int rows = 10 * Retention.STEP_ROWS;
        table.source.execute("INSERT INTO shop.\"Outbox\" (\"Id\", kind, entity, what, body, at) "
                + "SELECT i::text, 'customer', 42, 'Paid', 'old', now() - interval '2 hours' "
                + "FROM generate_series(1, " + rows + ") AS i");
        table.source.execute(
                "UPDATE doorbell.outbox_cursor SET published_through = " + rows + " WHERE outbox = 'shop.Outbox'");
        try (Connection dump = table.source.connect()) {
            dump.setAutoCommit(false);
            TestSource.execute(dump, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            TestSource.value(dump, "SELECT count(*) FROM shop.\"Outbox\"");
            try (TestRelay relay =
                    table.relay(Map.of("OUTBOX_RETENTION_HOURS", "1", "OUTBOX_RETENTION_INTERVAL_MS", "100"))) {
                await().atMost(PATIENCE)
                        .until(() -> relay.metric("doorbell_relay_events_removed_total", table.source)
                                .equals(rows + ".0"));
            }
            assertThat(table.source.indexEntriesRead("Outbox")).isBetween(2L * rows, 3L * rows);
            dump.rollback();
        }
    }

    private static int removed(ExistingTable table) throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            return RelaySession.open(vertx, table.config(), "test", 10_000)
                    .compose(session -> session.removePublished(1, Retention.STEP_ROWS, RemovalMark.LEFT_END))
                    .map(RelaySession.Removed::rows)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    /** Names of its own throughout. */
    private static ExistingTable shop(String idType, String payloadType) throws Exception {
        return new ExistingTable(
                        "CREATE SCHEMA shop",
                        "CREATE TABLE shop.\"Outbox\" (\"Id\" " + idType + " PRIMARY KEY, kind text NOT NULL, "
                                + "entity bigint NOT NULL, what text NOT NULL, body " + payloadType
                                + " NOT NULL, at timestamptz)")
                .with("TABLE", "shop.Outbox")
                .with(
                        "COLUMNS",
                        "seq:pos,event_id:Id,aggregate_type:kind,aggregate_id:entity,event_type:what,payload:body,"
                                + "created_at:at");
    }

    private static void appendTo(ExistingTable shop, String payload) throws Exception {
        shop.source.execute("INSERT INTO shop.\"Outbox\" (\"Id\", kind, entity, what, body, at) "
                + "VALUES (gen_random_uuid(), 'customer', 42, 'Paid', " + payload + ", now() - interval '2 hours')");
    }

    private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
        return Arrays.stream(record.headers().toArray()).collect(Collectors.toMap(Header::key, h -> text(h.value())));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
