package dev.doorbell.outbox;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.TransactionRollbackException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * A transaction whose failure says who is to blame: what happens before the work begins or at its commit is a
 * {@link ConnectionUnavailableException}, what the work itself ends with comes as it is. Work that takes too long ends
 * with its session, since it might still write on the connection afterwards.
 */
final class Transactions {
    /** For what the client itself does around the work, so that a connection that is half open hangs nothing. */
    private static final long STEP_MS_MAX = 5_000;

    private final Pool pool;
    private final long workMsMax;

    Transactions(Pool pool, long workMsMax) {
        this.pool = pool;
        this.workMsMax = workMsMax;
    }

    <T> Future<T> run(Function<SqlConnection, Future<T>> work) {
        return pool.getConnection()
                .recover(error -> Future.failedFuture(new ConnectionUnavailableException(error)))
                .compose(connection -> connection
                        .begin()
                        .timeout(STEP_MS_MAX, TimeUnit.MILLISECONDS)
                        .recover(error -> Future.failedFuture(new ConnectionUnavailableException(error)))
                        .compose(transaction -> inside(connection, transaction, work))
                        .eventually(() -> connection
                                .close()
                                .timeout(STEP_MS_MAX, TimeUnit.MILLISECONDS)
                                .otherwiseEmpty()));
    }

    private <T> Future<T> inside(
            SqlConnection connection, Transaction transaction, Function<SqlConnection, Future<T>> work) {
        return attempt(connection, work)
                .timeout(workMsMax, TimeUnit.MILLISECONDS)
                .compose(
                        result -> transaction
                                .commit()
                                .timeout(STEP_MS_MAX, TimeUnit.MILLISECONDS)
                                .recover(error -> Future.failedFuture(ofCommit(error)))
                                .map(committed -> result),
                        failure -> end(connection, transaction, failure)
                                .timeout(STEP_MS_MAX, TimeUnit.MILLISECONDS)
                                .transform(ended -> Future.failedFuture(failure)));
    }

    /** A deferred constraint, or a commit of what a swallowed error had aborted, is the work's own failure. */
    private static Throwable ofCommit(Throwable error) {
        boolean ofTheWork = error instanceof TransactionRollbackException
                || error instanceof PgException && !TransientFailures.isTransient(error);
        return ofTheWork ? error : new ConnectionUnavailableException(error);
    }

    private static Future<Void> end(SqlConnection connection, Transaction transaction, Throwable failure) {
        if (failure instanceof TimeoutException) {
            // Whoever still holds the connection must not write on it outside of a transaction.
            Promise<Void> closed = Promise.promise();
            connection.closeHandler(closing -> closed.tryComplete());
            connection
                    .query("SELECT pg_terminate_backend(pg_backend_pid())")
                    .execute()
                    .onComplete(terminated -> closed.tryComplete());
            return closed.future();
        }
        return transaction.rollback();
    }

    private static <T> Future<T> attempt(SqlConnection connection, Function<SqlConnection, Future<T>> work) {
        try {
            return work.apply(connection);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }
}
