package dev.doorbell.service;

import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;

/** Tells failures that pass by themselves from those that a retry would only repeat. */
final class Unavailable {
    private Unavailable() {}

    /**
     * True when the pool is exhausted, or the database cannot be reached or breaks a connection off (SocketException has
     * both), at the bottom of {@code error} or above. Says nothing about a commit that was on its way.
     */
    static boolean is(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectionPoolTooBusyException
                    || cause instanceof ClosedConnectionException
                    || cause instanceof ClosedChannelException
                    || cause instanceof SocketException
                    || cause instanceof UnknownHostException
                    || isPoolTimeout(cause)
                    || cause instanceof PgException postgresql && isPassing(postgresql.getSqlState())) {
                return true;
            }
        }
        return false;
    }

    /** The SQL client has no type for this: the wait for a connection and the wait for a pooled query differ in text. */
    private static boolean isPoolTimeout(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return cause.getClass().getName().startsWith("io.vertx.") && message.startsWith("Timeout");
    }

    /**
     * By SQLSTATE (PostgreSQL, appendix A): connection exceptions, no resources such as connections, a server that
     * shuts down or starts, transactions that got in each other's way, and a lock that did not come in time.
     */
    private static boolean isPassing(String state) {
        return state != null
                && (state.startsWith("08")
                        || state.startsWith("53")
                        || state.startsWith("57P0")
                        || state.startsWith("40")
                        || state.equals("55P03"));
    }
}
