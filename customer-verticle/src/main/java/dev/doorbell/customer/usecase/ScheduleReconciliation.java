package dev.doorbell.customer.usecase;

import dev.doorbell.customer.store.ReconciliationStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares now and then. Every instance looks whether a comparison is due, by the database's clock, and one of them makes
 * it. Use from one event loop.
 */
public final class ScheduleReconciliation {
    private static final Logger log = LoggerFactory.getLogger(ScheduleReconciliation.class);
    private static final long LOOK_EVERY_MS_MIN = 100;
    private static final long LOOK_EVERY_MS_MAX = 30_000;
    private static final int LOOKS_PER_INTERVAL = 10;

    private final Pool pool;
    private final ReconcileIdentities reconcile;
    private final ReconciliationStore store = new ReconciliationStore();
    private final Optional<Duration> interval;
    private final ReconcileListener listener;
    private final Repeated looks;

    /** @param interval from the end of one to the beginning of the next; empty for none from here */
    public ScheduleReconciliation(
            Vertx vertx,
            Pool pool,
            ReconcileIdentities reconcile,
            Optional<Duration> interval,
            ReconcileListener listener) {
        this.pool = pool;
        this.reconcile = reconcile;
        this.interval = interval;
        this.listener = listener;
        this.looks = new Repeated(
                vertx,
                pause(interval),
                this::look,
                error -> log.warn(
                        "Customers and users of the identity provider could not be compared: {}", error.getMessage()));
    }

    private static Duration pause(Optional<Duration> interval) {
        long lookEveryMs = interval.map(Duration::toMillis).orElse(Long.MAX_VALUE) / LOOKS_PER_INTERVAL;
        return Duration.ofMillis(Math.max(LOOK_EVERY_MS_MIN, Math.min(lookEveryMs, LOOK_EVERY_MS_MAX)));
    }

    public void start() {
        looks.start();
    }

    /** No comparison begins any more; completes when the one in work has come to a halt, or after 10 s. */
    public Future<Void> stop() {
        reconcile.stop();
        return looks.stop();
    }

    private Future<Void> look() {
        return (interval.isPresent()
                        ? reconcile.runIfDue(interval.get())
                        : Future.succeededFuture(Optional.<ReconcileReport>empty()))
                .onSuccess(report -> report.ifPresent(ScheduleReconciliation::tell))
                .transform(run -> store.lastCompleted(pool)
                        .onSuccess(last -> listener.lastCompleted(last.completed(), last.age(), last.findingsLeft()))
                        .compose(told -> run.failed() ? Future.failedFuture(run.cause()) : Future.succeededFuture()));
    }

    private static void tell(ReconcileReport report) {
        log.info(
                "Compared {} users with customers and {} customers with users: {} findings, {} of them repaired",
                report.users(),
                report.customers(),
                report.foundCount(),
                report.repairedCount());
    }
}
