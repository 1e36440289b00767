package dev.doorbell.outbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes inbox rows of events that are beyond the horizon, in small steps. Safe because the consumer does not run
 * events beyond it; any number of instances may prune at once.
 */
final class InboxPruner {
    private static final Logger log = LoggerFactory.getLogger(InboxPruner.class);
    private static final long INTERVAL_MS = 60_000;
    private static final int STEP_ROWS = 1_000;
    private static final int STEPS_MAX = 100;
    /** Records that were judged just inside the horizon may still be in a transaction. */
    private static final Duration MARGIN = Duration.ofHours(1);

    private final Vertx vertx;
    private final Pool pool;
    private final String consumer;
    private final Duration retention;
    private final Clock clock;
    private long timer = -1;

    InboxPruner(Vertx vertx, Pool pool, String consumer, Duration retention, Clock clock) {
        this.vertx = vertx;
        this.pool = pool;
        this.consumer = consumer;
        this.retention = retention;
        this.clock = clock;
    }

    void start() {
        timer = vertx.setPeriodic(
                INTERVAL_MS,
                tick -> prune().onFailure(e -> log.warn("The inbox could not be pruned: {}", e.getMessage())));
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    /** One round, bounded: the rest waits for the next. Returns the rows removed. */
    Future<Integer> prune() {
        UUID bound = UuidV7.lowerBound(clock.instant().minus(retention).minus(MARGIN));
        return step(bound, STEPS_MAX, 0);
    }

    private Future<Integer> step(UUID bound, int stepsLeft, int removed) {
        return pool.preparedQuery(InboxSql.PRUNE)
                .execute(Tuple.of(consumer, bound, STEP_ROWS))
                .compose(result -> result.rowCount() < STEP_ROWS || stepsLeft <= 1
                        ? Future.succeededFuture(removed + result.rowCount())
                        : step(bound, stepsLeft - 1, removed + result.rowCount()));
    }
}
