package dev.doorbell.relay;

import dev.doorbell.localstack.LocalPostgres;
import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Migrations;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.awaitility.Awaitility;

/** A migrated database of its own, and its topic. */
final class TestSource {
    final String name;
    final String topic;
    private final Supplier<LocalPostgres> server;

    private TestSource(String name, Supplier<LocalPostgres> server) {
        this.name = name;
        this.topic = name + ".event.customer";
        this.server = server;
        server.get().createDatabase(name);
    }

    static TestSource unmigrated() {
        return new TestSource(randomName(), TestStack::postgres);
    }

    static TestSource migrated() {
        return migratedOn(TestStack::postgres);
    }

    /** @param server asked each time: the database may have moved */
    static TestSource migratedOn(Supplier<LocalPostgres> server) {
        TestSource source = new TestSource(randomName(), server);
        source.migrate();
        return source;
    }

    private static String randomName() {
        return "s" + UUID.randomUUID().toString().substring(0, 13);
    }

    void migrate() {
        new Migrations(url(), null).migrate();
    }

    String urlText() {
        return server.get().url(name);
    }

    DatabaseUrl url() {
        return DatabaseUrl.parse(urlText());
    }

    /** As a relay has it that is told nothing of the source but its URL. */
    SourceConfig config() {
        return new SourceConfig(name, url(), topic, true, OutboxTable.OURS, HeaderStyle.CLOUDEVENTS);
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url().jdbcUrl(), url().user(), url().password());
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connect()) {
            execute(connection, sql);
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }

    /** The first column of the first row, null when there is none. */
    String value(String sql) {
        try (Connection connection = connect()) {
            return value(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static String value(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet result = statement.executeQuery()) {
            return result.next() ? result.getString(1) : null;
        }
    }

    /** A transaction that has appended an event and is still open: its seq is a gap to everybody else. */
    Connection transaction(String aggregateId, String payload) throws SQLException {
        Connection connection = connect();
        connection.setAutoCommit(false);
        append(connection, aggregateId, payload);
        return connection;
    }

    /** Appends one event in a transaction of its own. */
    void append(String aggregateId, String payload) throws SQLException {
        try (Connection connection = connect()) {
            append(connection, aggregateId, payload);
        }
    }

    /** Appends {@code count} events of ten aggregates, payloads {@code prefix-1} and so on. */
    void appendMany(String prefix, int count) throws SQLException {
        execute("INSERT INTO outbox (event_id, aggregate_type, aggregate_id, event_type, payload) "
                + "SELECT uuidv7(), 'customer', 'a' || i % 10, 'Changed', convert_to('" + prefix + "-' || i, 'UTF8') "
                + "FROM generate_series(1, " + count + ") AS i ORDER BY i");
    }

    static void append(Connection connection, String aggregateId, String payload) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO outbox (event_id, aggregate_type, aggregate_id, event_type, "
                        + "payload) VALUES (uuidv7(), 'customer', ?, 'Changed', convert_to(?, 'UTF8'))")) {
            insert.setString(1, aggregateId);
            insert.setString(2, payload);
            insert.executeUpdate();
        }
    }

    /** The label, a blank and text that does not compress, in all {@code bytes} long. */
    static String noise(String label, int bytes) {
        return label + " "
                + new Random(label.hashCode())
                        .ints(bytes - label.length() - 1, 33, 127)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
    }

    /** Makes {@link #topic} before the relay does. */
    void createTopic(int partitions, Map<String, String> settings) throws Exception {
        try (Admin admin = TestStack.admin()) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(settings)))
                    .all()
                    .get();
        }
    }

    /**
     * Waits until the relay has looked who may fill open gaps, from now on; it does while there are any.
     * Seen only while that is its session's last statement: a relay that also polls often hides it.
     */
    void awaitLook() {
        try (Connection connection = connect()) {
            String now = value(connection, "SELECT clock_timestamp()");
            Awaitility.await("a look at the writers that may fill open gaps")
                    .atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> value(
                                    connection,
                                    "SELECT 1 FROM pg_stat_activity WHERE application_name = 'doorbell-relay' "
                                            + "AND datname = current_database() AND query LIKE '/* gaps */%' "
                                            + "AND query_start > '" + now + "'")
                            != null);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For a relay of this source when it has no trigger. */
    Map<String, String> withoutTrigger(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put(SourceSettings.triggerVariable(name), "false");
        return all;
    }

    /** Wakes the relay, where the trigger is missing. */
    void ring() throws SQLException {
        execute("NOTIFY " + OutboxSql.CHANNEL);
    }

    /** Requests of the relay's producer that Kafka has not answered, by the metrics that it registers in this JVM. */
    int producerRequestsInFlight() {
        try {
            ObjectName name =
                    new ObjectName("kafka.producer:type=producer-metrics,client-id=doorbell-relay-" + this.name);
            Object value = ManagementFactory.getPlatformMBeanServer().getAttribute(name, "requests-in-flight");
            return ((Number) value).intValue();
        } catch (InstanceNotFoundException e) {
            return 0;
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }

    /** By all scans of its indexes, those that the relay's sessions have counted at their end included. */
    long indexEntriesRead(String table) {
        awaitNoRelaySession();
        return Long.parseLong(
                value("SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = '" + table + "'"));
    }

    /** How many payloads have been fetched from where PostgreSQL keeps long ones. */
    long longPayloadsRead() {
        awaitNoRelaySession();
        return Long.parseLong(value("SELECT idx_scan FROM pg_stat_all_tables WHERE relid = "
                + "(SELECT reltoastrelid FROM pg_class WHERE oid = 'public.outbox'::regclass)"));
    }

    private void awaitNoRelaySession() {
        Awaitility.await("the end of the relay's sessions")
                .atMost(Duration.ofSeconds(30))
                .until(() -> value("SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'doorbell-relay%' "
                                + "AND datname = current_database()")
                        == null);
    }

    String cursor() {
        return value("SELECT published_through || ' ' || gap_starts::text || gap_ends::text FROM outbox_cursor");
    }
}
