package dev.doorbell.outbox;

import com.fasterxml.jackson.core.JacksonException;
import io.vertx.core.VertxException;
import io.vertx.core.json.DecodeException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * Tells causes that may pass, or that somebody has to mend outside, from those that lie in the record. The first are
 * retried for as long as they last: dead-lettering a healthy record for a fault of its environment would be worse than
 * waiting.
 */
final class TransientFailures {
    /**
     * SQLSTATE classes (PostgreSQL, appendix A): connection exception, feature not supported (a cached plan after a
     * migration), invalid SQL statement name (a pooler in between), invalid authorization, invalid catalog or schema,
     * transaction rollback (serialisation failure, deadlock), access rule violation and undefined objects (a missing
     * grant or migration), insufficient resources, operator intervention, system error.
     */
    private static final Set<String> CLASSES = Set.of("08", "0A", "26", "28", "3D", "3F", "40", "42", "53", "57", "58");
    /** Lock not available, read-only after a failover, and the ends of sessions that were frozen for too long. */
    private static final Set<String> STATES = Set.of("55P03", "25006", "25P03", "25P04");

    private TransientFailures() {}

    static boolean isTransient(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PgException pg) {
                return isTransient(pg.getSqlState());
            }
            // Jackson's are IOExceptions too, but reading again does not make bytes JSON.
            if (cause instanceof DecodeException || cause instanceof JacksonException) {
                return false;
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
