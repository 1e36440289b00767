package dev.doorbell.relay;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * Holds a relay's read of the outbox in its middle, after its snapshot was taken. A policy of row-level security waits for
 * an advisory lock at each row; the relay has to run as another role for it, since superusers pass policies.
 */
final class ReadGate implements AutoCloseable {
    private static final int KEY = 4711;

    private final TestSource source;
    private final Connection keeper;

    ReadGate(TestSource source) throws SQLException {
        this.source = source;
        this.keeper = source.connect();
        String role = '"' + source.name + '"';
        source.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'gate'");
        source.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO " + role);
        source.execute("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO " + role);
        // Cheap, so that it is asked before any other condition; its own lock_timeout, for the relay's would end the
        // wait.
        source.execute("CREATE FUNCTION gate() RETURNS boolean LANGUAGE plpgsql COST 0.0001 SET lock_timeout = '20s' "
                + "AS 'BEGIN PERFORM pg_advisory_xact_lock_shared(" + KEY + "); RETURN true; END'");
        source.execute("ALTER TABLE outbox ENABLE ROW LEVEL SECURITY");
        source.execute("CREATE POLICY gate ON outbox USING (gate())");
        // So that every read looks at every row.
        source.execute("ALTER TABLE outbox DROP CONSTRAINT outbox_pkey");
    }

    /** For a relay whose reads pass the gate. */
    Map<String, String> environment(Map<String, String> settings) {
        Map<String, String> all = new java.util.HashMap<>(settings);
        all.put(
                "RELAY_SOURCES",
                source.name + "=" + source.urlText().replaceFirst("//[^@]*@", "//" + source.name + ":gate@"));
        return all;
    }

    /** The next read stops at the first row that it looks at. */
    void shut() throws SQLException {
        TestSource.value(keeper, "SELECT pg_advisory_lock(" + KEY + ")");
    }

    void awaitReader() {
        Awaitility.await("a read that waits at the gate")
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> TestSource.value(
                                keeper,
                                "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = " + KEY
                                        + " AND NOT granted")
                        != null);
    }

    void open() throws SQLException {
        TestSource.value(keeper, "SELECT pg_advisory_unlock(" + KEY + ")");
    }

    @Override
    public void close() throws SQLException {
        keeper.close();
    }
}
