package dev.doorbell.relay;

import static dev.doorbell.relay.TestRelay.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.doorbell.service.ConfigException;
import dev.doorbell.service.Environment;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InstallTest {
    private static final String ID = "9d2e5e5a-30a4-4c2b-9f3a-0a1b2c3d4e5f";
    private static final String ID_2 = "1d2e5e5a-30a4-4c2b-9f3a-0a1b2c3d4e5f";
    private static final String COLUMNS = "SELECT string_agg(column_name, ',' ORDER BY ordinal_position) "
            + "FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'outbox'";
    private static final String CURSOR =
            "SELECT published_through FROM doorbell.outbox_cursor WHERE outbox = 'public.outbox'";

    @Test
    void withoutYesNothingIsChanged() throws Exception {
        ExistingTable table = ExistingTable.debeziums();
        table.install(true);
        assertThat(table.source.value(COLUMNS)).isEqualTo("id,aggregatetype,aggregateid,type,payload");
        assertThat(table.source.value("SELECT to_regnamespace('doorbell')")).isNull();
    }

    @Test
    void showsEveryStatementBeforeItRunsAny() throws Exception {
        ExistingTable table = ExistingTable.debeziums();
        String shown = printed(() -> table.install(true));
        assertThat(shown)
                .contains(
                        "CREATE SCHEMA IF NOT EXISTS \"doorbell\"",
                        "outbox 4 (doorbell)",
                        "CREATE TABLE outbox_cursor (",
                        "CREATE FUNCTION outbox_ring()",
                        "CREATE OR REPLACE TRIGGER outbox_ring AFTER INSERT ON \"public\".\"outbox\"");
        assertThat(printed(() -> table.install(true, "--yes")))
                .startsWith(shown.substring(0, shown.indexOf("source ")));
        assertThat(printed(() -> table.install(true)))
                .as("what is there is not shown")
                .doesNotContain("CREATE TABLE");
    }

    private static String printed(Runnable command) {
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            command.run();
        } finally {
            System.setOut(out);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void asASecondTimeItChangesNothing() throws Exception {
        ExistingTable table = ExistingTable.debeziums();
        table.append(ID, "c-1", "Created", "'{}'");
        table.installed(false);
        assertThat(table.source.value(CURSOR)).isEqualTo("1");
        table.installed(true);
        assertThat(table.source.value(CURSOR))
                .as("the cursor that is there stays")
                .isEqualTo("1");
        assertThat(table.source.value(
                        "SELECT count(*) FROM pg_indexes WHERE tablename = 'outbox' " + "AND schemaname = 'public'"))
                .isEqualTo("2");
    }

    @Test
    void rowsThatAreThereCountAsPublishedWhenTheyAreToAndNoOthersDo() throws Exception {
        ExistingTable table = ExistingTable.debeziums();
        table.append(ID, "c-1", "Created", "'{\"existing\": true}'");
        table.installed(false);
        table.append(ID_2, "c-1", "Changed", "'{\"new\": true}'");
        try (TestRelay relay = table.relay(Map.of());
                TestTopic topic = new TestTopic(table.source)) {
            relay.awaitLeading(table.source);
            topic.awaitPayloads("{\"new\": true}");
            assertThat(topic.payloadsNow()).containsExactly("{\"new\": true}");
        }
    }

    /** It has drawn its seq: a cursor above that would skip it. */
    @Test
    void aWriterThatIsOpenIsWaitedForBeforeTheCursorIsSet() throws Exception {
        // Making a trigger or an index would wait for the writer as well.
        ExistingTable table = ExistingTable.debeziums().with("TRIGGER", "false");
        table.source.execute("ALTER TABLE outbox ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY UNIQUE");
        try (Connection writer = table.source.connect()) {
            writer.setAutoCommit(false);
            TestSource.execute(
                    writer,
                    "INSERT INTO outbox (id, aggregatetype, aggregateid, type) VALUES ('" + ID
                            + "', 'customer', 'c-1', 'Created')");
            CompletableFuture<Void> installing = CompletableFuture.runAsync(() -> table.install(false, "--yes"));
            await("install waits for the table")
                    .atMost(PATIENCE)
                    .until(() -> table.source
                            .value("SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'ShareRowExclusiveLock'")
                            .equals("1"));
            writer.commit();
            installing.get(30, TimeUnit.SECONDS);
        }
        assertThat(table.source.value(CURSOR)).isEqualTo("1");
    }

    @Test
    void whatCannotBeRelayedIsRefusedByInstallAndByTheRelay() throws Exception {
        Map<ExistingTable, String> refused = new LinkedHashMap<>();
        refused.put(ExistingTable.debeziums().with("TABLE", "public.nowhere"), "there is no table public.nowhere");
        refused.put(
                ExistingTable.debeziums().with("COLUMNS", "debezium,topic:target"),
                "public.outbox has no column target, which is to be topic");
        refused.put(
                ExistingTable.debeziums().with("COLUMNS", "debezium,aggregate_type:payload"),
                "public.outbox.payload is jsonb and is to be aggregate_type");
        refused.put(
                ExistingTable.debeziums().with("HEADER_MAP", "tenant:header"),
                "public.outbox has no column tenant, which is to become a header");
        refused.put(
                new ExistingTable(
                                ExistingTable.DEBEZIUM_DDL, "ALTER TABLE outbox ALTER COLUMN aggregateid DROP NOT NULL")
                        .with("TABLE", "public.outbox")
                        .with("COLUMNS", "debezium"),
                "public.outbox.aggregateid may be null");
        refused.put(
                new ExistingTable(
                                ExistingTable.DEBEZIUM_DDL,
                                "ALTER TABLE outbox ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY (CACHE 20) UNIQUE")
                        .with("TABLE", "public.outbox")
                        .with("COLUMNS", "debezium"),
                "has CACHE 20");
        for (Map.Entry<ExistingTable, String> entry : refused.entrySet()) {
            assertThatThrownBy(() -> entry.getKey().installed(true))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(entry.getValue());
            assertThat(entry.getKey().source.value("SELECT to_regnamespace('doorbell')"))
                    .isNull();
        }
        // The relay looks at the books first; its own refusals come from the same place.
        ExistingTable bare = ExistingTable.debeziums();
        ExistingTable caching = ExistingTable.debeziums().installed(true);
        caching.source.execute("ALTER TABLE outbox ALTER COLUMN seq SET CACHE 20");
        ExistingTable unindexed = ExistingTable.debeziums().installed(true);
        unindexed.source.execute("DROP INDEX outbox_seq_idx");
        ExistingTable wrong = ExistingTable.debeziums().with("COLUMNS", "debezium,topic:target");
        ExistingTable silent = ExistingTable.debeziums().installed(true);
        silent.source.execute("DROP TRIGGER outbox_ring ON outbox");
        List<ExistingTable> tables = List.of(bare, caching, unindexed, wrong, silent);
        Map<String, String> settings = Map.of();
        List<TestSource> sources = new ArrayList<>();
        for (ExistingTable table : tables) {
            settings = table.settings(settings);
            sources.add(table.source);
        }
        try (TestRelay relay = TestRelay.start(settings, sources.toArray(TestSource[]::new))) {
            awaitRefusal(relay, bare, "has no column seq for the order of publication; run java -jar");
            awaitRefusal(relay, caching, "CACHE 20");
            awaitRefusal(relay, unindexed, "outbox.seq has no unique index");
            awaitRefusal(relay, wrong, "has no column target");
            awaitRefusal(relay, silent, "no enabled trigger outbox_ring");
        }
    }

    @Test
    void whatItDoesNotUnderstandItRefuses() throws Exception {
        ExistingTable table = ExistingTable.debeziums();
        for (List<String> arguments : List.of(
                List.of("--source", table.source.name),
                List.of("--source", table.source.name, "--publish-existing", "maybe"),
                List.of("--source", table.source.name, "--publish-existing", "true", "--force"))) {
            assertThatThrownBy(() -> Install.run(table.environment(), arguments))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("usage: install");
        }
        TestSource ours = TestSource.unmigrated();
        assertThatThrownBy(() -> Install.run(
                        new Environment(TestRelay.environment(Map.of(), ours)),
                        List.of("--source", ours.name, "--publish-existing", "true")))
                .hasMessageContaining("has the outbox that migrate makes");
    }

    private static void awaitRefusal(TestRelay relay, ExistingTable table, String reason) {
        await().atMost(PATIENCE)
                .until(() -> String.valueOf(relay.check(table.source).getString("detail"))
                        .contains(reason));
    }
}
