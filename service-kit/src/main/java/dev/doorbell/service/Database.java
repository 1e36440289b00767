package dev.doorbell.service;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service's PostgreSQL database: its pool, and the wait at the start until it is there and migrated. */
public final class Database {
    private static final Logger log = LoggerFactory.getLogger(Database.class);
    private static final long RETRY_MS_MIN = 250;
    private static final long RETRY_MS_MAX = 5_000;
    private static final int POOL_WAIT_QUEUE_MAX = 1_000;
    private static final int CONNECT_TIMEOUT_S = 5;
    /** Before the read time-out, so that a connection with nothing to read leaves the pool in order. */
    private static final int IDLE_TIMEOUT_S = 30;
    /** Longer than any statement may take by the server's own limits: only a dead connection is silent for so long. */
    private static final int READ_TIMEOUT_S = 45;
    /** Wrong user, wrong password, no such database, no right to read it: waiting would not mend these. */
    private static final Set<String> WRONG_SETTING = Set.of("28000", "28P01", "3D000", "42501");

    private Database() {}

    /**
     * A pool whose waiting queue is bounded: past it, requests fail at once instead of piling up. A server that does
     * not answer for 45 s loses the connection, and the statement in work fails.
     */
    public static Pool pool(Vertx vertx, DatabaseUrl url, String applicationName, int size) {
        return PgBuilder.pool()
                .using(vertx)
                .connectingTo(url.connectOptions(applicationName))
                .with(new PoolOptions()
                        .setName(applicationName)
                        .setMaxSize(size)
                        .setMaxWaitQueueSize(POOL_WAIT_QUEUE_MAX)
                        .setConnectionTimeout(CONNECT_TIMEOUT_S)
                        .setIdleTimeout(IDLE_TIMEOUT_S))
                .with(new NetClientOptions().setReadIdleTimeout(READ_TIMEOUT_S))
                .build();
    }

    /**
     * Completes when the database is reachable and migrated; retries for as long as it cannot be reached.
     *
     * @param folder the service's migrations below {@code db/}
     * @return fails with {@link StartException} when migrations are pending, the URL is wrong or its user may
     *     not read the schema
     */
    public static Future<Void> awaitMigrated(Vertx vertx, DatabaseUrl url, String folder, String jarName) {
        Promise<Void> migrated = Promise.promise();
        attempt(vertx, url, folder, jarName, RETRY_MS_MIN, migrated);
        return migrated.future();
    }

    private static void attempt(
            Vertx vertx, DatabaseUrl url, String folder, String jarName, long retryMs, Promise<Void> migrated) {
        // The constructor too: loading Flyway scans the class path.
        vertx.executeBlocking(() -> new Migrations(url, folder).pending(), false)
                .onComplete(result -> {
                    if (result.succeeded()) {
                        decide(result.result(), url, jarName, migrated);
                    } else if (result.cause() instanceof StartException) {
                        migrated.fail(result.cause());
                    } else if (WRONG_SETTING.contains(sqlState(result.cause()))) {
                        migrated.fail(new StartException("DATABASE_URL: " + Migrations.reason(result.cause())));
                    } else {
                        log.warn(
                                "{} cannot be reached, next try in {} ms: {}",
                                url,
                                retryMs,
                                Migrations.reason(result.cause()));
                        vertx.setTimer(
                                retryMs,
                                timer -> attempt(
                                        vertx, url, folder, jarName, Math.min(retryMs * 2, RETRY_MS_MAX), migrated));
                    }
                });
    }

    private static void decide(List<String> pending, DatabaseUrl url, String jarName, Promise<Void> migrated) {
        if (pending.isEmpty()) {
            migrated.complete();
        } else {
            migrated.fail(new StartException("The schema of " + url + " lacks " + String.join(", ", pending)
                    + "; run java -jar " + jarName + " migrate"));
        }
    }

    private static String sqlState(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }
}
