package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.IdentityOutcome;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.customer.store.RegistrationRow;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * One transaction of registrations: customers, claims on usernames and events, in one statement and one commit. It says
 * how it ended, since a caller who is told "no" must not find a customer afterwards.
 */
final class RegistrationTransaction {
    /** A failure of the future, in place of one of these, is the connection's, and nothing was done. */
    sealed interface Outcome {
        /** @param registered the ids whose username was free; all others lost theirs to a customer that is there */
        record Committed(Set<UUID> registered) implements Outcome {}

        /** The commit got no answer. @param registered are there, or will be in a moment, or never; others never */
        record Unknown(Set<UUID> registered, Throwable cause) implements Outcome {}

        /** PostgreSQL refused statement or commit; nothing was done. */
        record RolledBack(Throwable cause) implements Outcome {}
    }

    /** Connection exceptions, statement_completion_unknown, and a server that shuts down or ends the session. */
    private static final List<String> LEAVE_IT_OPEN = List.of("08", "40003", "57P0");

    private final Pool pool;
    private final CustomerStore store;
    private final Optional<IdentityOutcome> initialIdentity;
    private final String beginBatch;

    /** @param batchLockTimeout how long a batch may wait for another transaction's claim, since all its rows wait */
    RegistrationTransaction(
            Pool pool, CustomerStore store, Optional<IdentityOutcome> initialIdentity, Duration batchLockTimeout) {
        this.pool = pool;
        this.store = store;
        this.initialIdentity = initialIdentity;
        this.beginBatch = "BEGIN; SET LOCAL lock_timeout = " + batchLockTimeout.toMillis();
    }

    /** @param rows one, or a batch */
    Future<Outcome> run(List<RegistrationRow> rows) {
        return pool.getConnection()
                .compose(connection -> insert(connection, rows)
                        .eventually(() -> connection.close().otherwiseEmpty()));
    }

    /**
     * BEGIN is not waited for: the two go out together. Where it alone fails, because somebody cancels it, the statement
     * behind it is a transaction of its own.
     */
    private Future<Outcome> insert(SqlConnection connection, List<RegistrationRow> rows) {
        Future<?> begun =
                connection.query(rows.size() == 1 ? "BEGIN" : beginBatch).execute();
        Future<Set<UUID>> inserted = store.register(connection, rows, initialIdentity);
        return Future.join(begun, inserted)
                .map(both -> inserted.result())
                .compose(
                        registered -> commit(connection, registered),
                        failure -> rollBack(connection, failure)
                                .map(outcome ->
                                        inserted.succeeded() ? new Outcome.Committed(inserted.result()) : outcome));
    }

    private static Future<Outcome> commit(SqlConnection connection, Set<UUID> registered) {
        return connection
                .query("COMMIT")
                .execute()
                .<Outcome>map(committed -> new Outcome.Committed(registered))
                // A COMMIT that was cancelled before it began leaves the transaction open.
                .recover(
                        failure -> isAnswer(failure) ? rollBack(connection, failure) : unanswered(registered, failure));
    }

    /** A commit that had nothing to write can be called a failure: there is no customer. */
    private static Future<Outcome> unanswered(Set<UUID> registered, Throwable failure) {
        return registered.isEmpty()
                ? Future.failedFuture(failure)
                : Future.succeededFuture(new Outcome.Unknown(registered, failure));
    }

    private static Future<Outcome> rollBack(SqlConnection connection, Throwable failure) {
        return connection
                .query("ROLLBACK")
                .execute()
                .transform(rolledBack -> isAnswer(failure)
                        ? Future.succeededFuture(new Outcome.RolledBack(failure))
                        : Future.failedFuture(failure));
    }

    /**
     * PostgreSQL itself says that it did not commit. Whatever else fails is the connection that should have said so, also
     * when a pooler in between reports it as an error of class 08, or the server ends the session while the commit that
     * it has written waits for a synchronous standby.
     */
    private static boolean isAnswer(Throwable failure) {
        if (failure instanceof PgException error) {
            String state = error.getSqlState() == null ? "" : error.getSqlState();
            return LEAVE_IT_OPEN.stream().noneMatch(state::startsWith);
        }
        return false;
    }
}
