package dev.doorbell.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * An outbox table of Debezium's columns that is partitioned by time, on two levels. Rows come through the parent and into
 * partitions by name, which is another statement to a trigger and the same sequence.
 */
class PartitionedTableTest {
    private static final String LEAF = "outbox_eu";
    private static final String INDEXES =
            "SELECT count(*) FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE '% (seq)'";

    private final ExistingTable table = new ExistingTable(
                    "CREATE TABLE outbox (id uuid, aggregatetype varchar(255) NOT NULL, aggregateid varchar(255) NOT NULL, "
                            + "type varchar(255) NOT NULL, payload jsonb, region text NOT NULL DEFAULT 'eu', "
                            + "at timestamptz DEFAULT now(), PRIMARY KEY (id, at, region)) PARTITION BY RANGE (at)",
                    "CREATE TABLE outbox_old PARTITION OF outbox FOR VALUES FROM (MINVALUE) TO ('2020-01-01')",
                    "CREATE TABLE outbox_new PARTITION OF outbox FOR VALUES FROM ('2020-01-01') TO ('2100-01-01') "
                            + "PARTITION BY LIST (region)",
                    "CREATE TABLE outbox_eu PARTITION OF outbox_new FOR VALUES IN ('eu')",
                    "CREATE TABLE \"Outbox_US\" PARTITION OF outbox_new FOR VALUES IN ('us')")
            .with("TABLE", "public.outbox")
            .with("COLUMNS", "debezium,created_at:at")
            .with("HEADER_STYLE", "debezium");

    PartitionedTableTest() throws SQLException {}

    @Test
    void rowsThroughTheParentAndIntoPartitionsAreNumberedByOneSequence() throws SQLException {
        insert("outbox", "{\"n\": 1}");
        table.installed(true);
        insert("outbox", "{\"n\": 2}");
        insert(LEAF, "{\"n\": 3}");
        insertOld("{\"n\": 4}");
        assertThat(table.source.value("SELECT string_agg(seq || payload::text, ' ' ORDER BY seq) FROM outbox"))
                .isEqualTo("1{\"n\": 1} 2{\"n\": 2} 3{\"n\": 3} 4{\"n\": 4}");
        assertThat(table.source.value(INDEXES))
                .as("indexes, of the parent and four partitions")
                .isEqualTo("5");
        table.installed(true);
        assertThat(table.source.value(INDEXES)).as("after a second install").isEqualTo("5");
    }

    @Test
    void rowsThroughTheParentAndIntoPartitionsRingForARelayThatSleeps() throws SQLException {
        table.installed(false);
        try (TestRelay relay = table.relay(Doze.RUNG_ONLY);
                Doze doze = new Doze(table.source);
                TestTopic topic = new TestTopic(table.source)) {
            relay.awaitLeading(table.source);
            for (String into : new String[] {"outbox", LEAF, "outbox_new", "\"Outbox_US\"", "outbox"}) {
                doze.awaitAsleep(relay);
                String payload = "{\"into\": \"" + into.replace("\"", "") + "\"}";
                insert(into, payload);
                topic.awaitPayloads(payload);
            }
        }
    }

    /** It has drawn its seq and rung nobody; the lock that it holds is the partition's. */
    @Test
    void aWriterIntoAPartitionIsWaitedForBeforeTheRelaySleeps() throws SQLException {
        table.installed(false);
        try (TestRelay relay = table.relay(Doze.RUNG_ONLY);
                Doze doze = new Doze(table.source);
                Connection writer = table.source.connect();
                TestTopic topic = new TestTopic(table.source)) {
            relay.awaitLeading(table.source);
            writer.setAutoCommit(false);
            doze.whileAwake(
                    relay, () -> TestSource.execute(writer, insertion(LEAF, "{\"silent\": true}")), writer::rollback);
            doze.assertStaysUp(relay);
            writer.commit();
            topic.awaitPayloads("{\"silent\": true}");
        }
    }

    /** It has no trigger of its own until the next install; nothing is lost, it only takes a poll longer. */
    @Test
    void aPartitionThatIsMadeLaterIsPolledAndRingsAfterTheNextInstall() throws SQLException {
        table.installed(false);
        table.source.execute("CREATE TABLE outbox_ap PARTITION OF outbox_new FOR VALUES IN ('ap')");
        try (TestRelay relay = table.relay(Map.of());
                TestTopic topic = new TestTopic(table.source)) {
            relay.awaitLeading(table.source);
            insert("outbox_ap", "{\"found\": \"by the poll\"}");
            topic.awaitPayloads("{\"found\": \"by the poll\"}");
        }
        table.installed(false);
        try (TestRelay relay = table.relay(Doze.RUNG_ONLY);
                Doze doze = new Doze(table.source);
                TestTopic topic = new TestTopic(table.source)) {
            relay.awaitLeading(table.source);
            doze.awaitAsleep(relay);
            insert("outbox_ap", "{\"found\": \"by the bell\"}");
            topic.awaitPayloads("{\"found\": \"by the bell\"}");
        }
    }

    private void insert(String into, String payload) throws SQLException {
        table.source.execute(insertion(into, payload));
    }

    private void insertOld(String payload) throws SQLException {
        table.source.execute("INSERT INTO outbox_old (id, aggregatetype, aggregateid, type, payload, at) VALUES ('"
                + UUID.randomUUID() + "', 'customer', 'c-1', 'Changed', '" + payload + "', '2019-05-01')");
    }

    private static String insertion(String into, String payload) {
        String region = into.contains("US") ? "us" : into.endsWith("ap") ? "ap" : "eu";
        return "INSERT INTO " + into + " (id, aggregatetype, aggregateid, type, payload, region) VALUES ('"
                + UUID.randomUUID() + "', 'customer', 'c-1', 'Changed', '" + payload + "', '" + region + "')";
    }
}
