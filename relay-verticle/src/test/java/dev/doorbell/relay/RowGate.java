package dev.doorbell.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Holds a writer in the middle of its INSERT: a BEFORE ROW trigger waits for an advisory lock. The writer has drawn its
 * seq then, holds its locks, and has no transaction id yet: drawing a seq assigns one only on every 32nd draw.
 */
final class RowGate implements AutoCloseable {
    private static final int KEY = 4712;

    private final Connection keeper;
    private final Connection writer;
    private CompletableFuture<Void> writing = CompletableFuture.completedFuture(null);

    RowGate(TestSource source) throws SQLException {
        source.execute("CREATE FUNCTION row_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                + "IF NEW.aggregate_id = 'gated' THEN PERFORM pg_advisory_xact_lock_shared(" + KEY + "); END IF; "
                + "RETURN NEW; END $$");
        source.execute("CREATE TRIGGER row_gate BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION row_gate()");
        keeper = source.connect();
        writer = source.connect();
        TestSource.value(keeper, "SELECT pg_advisory_lock(" + KEY + ")");
    }

    /** Begins an insert of its own transaction and returns when it waits. */
    void write(String payload) {
        writing = CompletableFuture.runAsync(() -> {
            try {
                TestSource.append(writer, "gated", payload);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        await("a writer at the gate")
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> TestSource.value(
                                keeper,
                                "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = " + KEY
                                        + " AND NOT granted")
                        != null);
    }

    void assertHasNoTransactionId() throws SQLException {
        assertThat(TestSource.value(
                        keeper,
                        "SELECT coalesce(backend_xid::text, 'none') FROM pg_stat_activity "
                                + "WHERE wait_event_type = 'Lock' AND datname = current_database()"))
                .isEqualTo("none");
    }

    /** The writer commits. */
    void open() throws SQLException {
        TestSource.value(keeper, "SELECT pg_advisory_unlock(" + KEY + ")");
        writing.join();
    }

    @Override
    public void close() throws SQLException {
        keeper.close();
        writing.join();
        writer.close();
    }
}
