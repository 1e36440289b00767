package dev.doorbell.relay;

import dev.doorbell.service.DatabaseUrl;
import io.vertx.pgclient.PgConnectOptions;
import java.util.Map;

/** What PostgreSQL is told of a relay's session when it is opened. */
final class SessionOptions {
    /**
     * synchronous_commit: what the relay writes can be written again, and a crash loses it in order. lock_timeout: the
     * relay's statements wait for nobody, unless somebody locks a whole table. plan_cache_mode: planning anew costs eight
     * times what it costs to find no rows. A plan that is kept must hold for an empty table and for a million rows, so
     * nothing is left to choose: along the index of seq, which is the order asked for.
     */
    static final Map<String, String> PROPERTIES = Map.of(
            "lock_timeout", "2s",
            "synchronous_commit", "off",
            "plan_cache_mode", "force_generic_plan",
            "enable_seqscan", "off",
            "enable_bitmapscan", "off",
            "jit", "off");

    private SessionOptions() {}

    /**
     * What PostgreSQL does to a session whose relay is frozen, cut off or gone. Between statements it is idle, in the
     * middle of a result it writes to a client that does not read: each of these time-outs meets one state alone, and
     * only tcp_user_timeout the last one. A healthy leader or standby has a statement several times in that time.
     */
    static PgConnectOptions of(DatabaseUrl database, String applicationName, int sessionTimeoutMs) {
        PgConnectOptions options = database.connectOptions(applicationName);
        PROPERTIES.forEach(options::addProperty);
        String timeout = sessionTimeoutMs + "ms";
        options.addProperty("idle_session_timeout", timeout);
        options.addProperty("idle_in_transaction_session_timeout", timeout);
        options.addProperty("statement_timeout", timeout);
        options.addProperty("tcp_user_timeout", timeout);
        return options;
    }
}
