package dev.doorbell.outbox;

import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** Tells causes that may pass from those that repeating cannot mend. */
final class TransientFailures {
    /**
     * SQLSTATE classes (PostgreSQL, appendix A): connection exception, transaction rollback (serialisation failure,
     * deadlock), insufficient resources, operator intervention, system error.
     */
    private static final Set<String> CLASSES = Set.of("08", "40", "53", "57", "58");
    /** lock_not_available, and the ends of sessions that were frozen for too long. */
    private static final Set<String> STATES = Set.of("55P03", "25P03", "25P04");

    private TransientFailures() {}

    static boolean isTransient(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PgException pg) {
                return isTransient(pg.getSqlState());
            }
            if (cause instanceof ClosedConnectionException
                    || cause instanceof IOException
                    || cause instanceof TimeoutException
                    || cause instanceof ConnectionUnavailableException) {
                return true;
            }
            if (cause instanceof VertxException vertx
                    && String.valueOf(vertx.getMessage()).contains("onnection")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTransient(String sqlState) {
        return sqlState != null
                && sqlState.length() == 5
                && (CLASSES.contains(sqlState.substring(0, 2)) || STATES.contains(sqlState));
    }
}
