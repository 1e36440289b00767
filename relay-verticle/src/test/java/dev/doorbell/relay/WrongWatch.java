package dev.doorbell.relay;

import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/**
 * Looks at writers by their transaction ids, as one would who takes a snapshot for the truth. Both are wrong, and are kept
 * so that the tests prove that they would notice. It blocks an event loop, which a test may.
 */
final class WrongWatch implements WriterWatch {
    /** What is in progress by the snapshot: up to its xmax, which is the last id that has ended, and one more. */
    static final String SNAPSHOT =
            "SELECT string_agg(xid::text, ' ') " + "FROM pg_snapshot_xip(pg_current_snapshot()) AS xid";
    /** Draws an id, so that every older one is below the next snapshot's xmax. A writer without an id is not. */
    static final String FRESH_ID = "SELECT pg_current_xact_id()";

    private final Connection connection;
    private final RelaySession session;
    private final String before;

    /** @param before a statement before the snapshot, in a transaction of its own */
    WrongWatch(Connection connection, RelaySession session, String before) {
        this.connection = connection;
        this.session = session;
        this.before = before;
    }

    /** The next two are right, but for the one that is wrong. */
    @Override
    public Future<Set<String>> openWriters() {
        return before.equals(FRESH_ID) ? session.openWriters() : inProgress();
    }

    @Override
    public Future<Set<String>> gapWriters() {
        return before.equals(FRESH_ID) ? inProgress() : session.gapWriters();
    }

    private Future<Set<String>> inProgress() {
        try {
            TestSource.value(connection, before);
            String ids = TestSource.value(connection, SNAPSHOT);
            return Future.succeededFuture(ids == null ? Set.of() : Set.of(ids.split(" ")));
        } catch (SQLException e) {
            return Future.failedFuture(e);
        }
    }
}
