package dev.doorbell.relay;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes published rows after the retention time, in bounded steps on a short-lived session of its own: the leader's
 * session would make publishing wait for it. The leader runs it, so that no two do.
 */
final class Retention {
    static final int STEP_ROWS = 1_000;
    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    private final Vertx vertx;
    private final SourceConfig source;
    private final int retentionHours;
    private final int sessionTimeoutMs;
    private final RelayMetrics metrics;
    private boolean running;
    private boolean stopped;

    Retention(Vertx vertx, RelayConfig config, SourceConfig source, RelayMetrics metrics) {
        this.vertx = vertx;
        this.source = source;
        this.retentionHours = config.retentionHours();
        this.sessionTimeoutMs = config.sessionTimeoutMs();
        this.metrics = metrics;
    }

    /** Does nothing while an earlier run goes on. A failure is logged; the next run begins where it stopped. */
    void run() {
        if (running || stopped) {
            return;
        }
        running = true;
        RelaySession.open(vertx, source, "doorbell-relay-retention", sessionTimeoutMs)
                .compose(session -> steps(session).eventually(session::close))
                .onComplete(result -> {
                    running = false;
                    if (result.failed() && !stopped) {
                        log.warn(
                                "source {}: published rows could not be removed: {}",
                                source.name(),
                                result.cause().getMessage());
                    }
                });
    }

    private Future<Void> steps(RelaySession session) {
        return session.removePublished(retentionHours, STEP_ROWS).compose(removed -> {
            metrics.eventsRemoved.increment(removed);
            // Fewer than a step: a row among the lowest is still young, or that was all.
            return removed < STEP_ROWS || stopped ? Future.succeededFuture() : steps(session);
        });
    }

    /** No further step begins. */
    void stop() {
        stopped = true;
    }
}
