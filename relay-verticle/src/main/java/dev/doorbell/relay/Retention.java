package dev.doorbell.relay;

import io.vertx.core.Future;
import io.vertx.core.Timer;
import io.vertx.core.VerticleBase;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes published rows after the retention time, in bounded steps on a short-lived session of its own: the leader's
 * session would make publishing wait for it. The leader deploys it, so that no two are at work, on an event loop of its
 * own: to log on to PostgreSQL takes thousands of rounds of SHA-256, a tenth of a second where the code is cold.
 *
 * <p>What it takes from the database the writers lack, so it is at work for a tenth of the time alone, unless events are
 * published faster than that removes them: then the table would grow.
 *
 * <p>Opening a session costs more than all else that an idle source does, so a run that found nothing to remove doubles
 * the time to the next one, up to {@value #IDLE_INTERVALS_MAX} intervals.
 */
final class Retention extends VerticleBase {
    static final int STEP_ROWS = 1_000;
    static final int IDLE_INTERVALS_MAX = 16;
    /** Pauses in the time of a step. */
    private static final int PAUSE_STEPS = 9;

    /** After a step of more than a second; the server ends a session that is idle for longer than its time-out. */
    static final long PAUSE_MS_MAX = 10_000;
    /**
     * Longer than the leader's, since nobody waits for this session: for the pauses, and for a step from the left end
     * while a snapshot is held.
     */
    private static final int SESSION_TIMEOUT_MS_MIN = 60_000;

    private static final long NS_PER_MS = 1_000_000;
    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    private final SourceConfig source;
    private final int retentionHours;
    private final int sessionTimeoutMs;
    private final long intervalMs;
    private final RelayMetrics metrics;
    private final RemovalMark mark = new RemovalMark();
    private long nextMs;
    private Timer pause;
    private boolean stopped;

    Retention(RelayConfig config, SourceConfig source, RelayMetrics metrics) {
        this.source = source;
        this.retentionHours = config.retentionHours();
        this.sessionTimeoutMs = Math.max(config.sessionTimeoutMs(), SESSION_TIMEOUT_MS_MIN);
        this.metrics = metrics;
        this.intervalMs = config.retentionIntervalMs();
        this.nextMs = intervalMs;
    }

    /** The first run is an interval away. */
    @Override
    public Future<?> start() {
        runLater();
        return Future.succeededFuture();
    }

    private void runLater() {
        if (!stopped) {
            // Undeployment cancels it.
            vertx.setTimer(nextMs, fired -> run().onComplete(ran -> runLater()));
        }
    }

    /** A failure is logged; the next run begins where it stopped. */
    private Future<Long> run() {
        return RelaySession.open(vertx, source, "doorbell-relay-retention", sessionTimeoutMs)
                .compose(session -> steps(session, mark.begin(), 0, published()).eventually(session::close))
                .onSuccess(removed -> nextMs = nextMs(intervalMs, nextMs, removed))
                .onFailure(error -> {
                    if (!stopped) {
                        log.warn(
                                "source {}: published rows could not be removed: {}",
                                source.name(),
                                error.getMessage());
                    }
                });
    }

    /** Milliseconds to the next run, when the last one came after {@code lastMs}. */
    static long nextMs(long intervalMs, long lastMs, long removed) {
        return removed > 0 ? intervalMs : Math.min(2 * lastMs, IDLE_INTERVALS_MAX * intervalMs);
    }

    /**
     * @param above seq of the first step
     * @param removedBefore rows, in this run
     * @param publishedBefore events, before this run
     */
    private Future<Long> steps(RelaySession session, long above, long removedBefore, long publishedBefore) {
        long startedNs = System.nanoTime();
        return session.removePublished(retentionHours, STEP_ROWS, above).compose(removed -> {
            metrics.eventsRemoved.increment(removed.rows());
            mark.reached(removed.through());
            long all = removedBefore + removed.rows();
            // Fewer than a step: a row among the lowest is still young, or that was all.
            if (removed.rows() < STEP_ROWS || stopped) {
                return Future.succeededFuture(all);
            }
            long tookMs = (System.nanoTime() - startedNs) / NS_PER_MS;
            pause = vertx.timer(pauseMs(tookMs, all, published() - publishedBefore), TimeUnit.MILLISECONDS);
            return pause.compose(paused ->
                    stopped ? Future.succeededFuture(all) : steps(session, removed.through(), all, publishedBefore));
        });
    }

    private long published() {
        return (long) metrics.eventsPublished.count();
    }

    /** Between two steps of a run that has removed so many rows, while so many events were published. */
    static long pauseMs(long stepMs, long removed, long published) {
        return published > removed ? 1 : Math.max(1, Math.min(PAUSE_STEPS * stepMs, PAUSE_MS_MAX));
    }

    /** No further step begins, and a pause ends. */
    @Override
    public Future<?> stop() {
        stopped = true;
        if (pause != null) {
            pause.cancel();
        }
        return Future.succeededFuture();
    }
}
