package dev.doorbell.customer.usecase;

import dev.doorbell.customer.store.SagaWatchStore;
import dev.doorbell.outbox.ConsumerLag;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deadlock detector: at every interval it rejects the registrations that are overdue, unless the blame may lie
 * here. A check first takes the end of the reply topic and of the own outbox, then waits until the consumer group and
 * the relay have passed both; when they do not within half an interval, Kafka or one of them is behind, and the
 * deadlines of all registrations start anew. So an hour without Kafka rejects nobody, and load alone, under which lag is never zero,
 * does not hold the detector up. Use from one event loop.
 */
public final class DetectDeadlocks {
    private static final Logger log = LoggerFactory.getLogger(DetectDeadlocks.class);
    /** For Kafka's answers and the statements, each with limits of its own; only a broken one gets there. */
    private static final Duration CHECK_OVERHEAD_MAX = Duration.ofMinutes(1);

    private final Vertx vertx;
    private final Pool pool;
    private final SagaWatchStore watch;
    private final ConsumerLag lag;
    private final RejectOverdueRegistrations reject;
    private final Duration interval;
    private final IntConsumer rejected;
    private final Repeated checks;

    /** @param rejected told how many a check rejected */
    public DetectDeadlocks(
            Vertx vertx,
            Pool pool,
            SagaWatchStore watch,
            ConsumerLag lag,
            RejectOverdueRegistrations reject,
            Duration interval,
            IntConsumer rejected) {
        this.vertx = vertx;
        this.pool = pool;
        this.watch = watch;
        this.lag = lag;
        this.reject = reject;
        this.interval = interval;
        this.rejected = rejected;
        this.checks = new Repeated(
                vertx,
                interval,
                this::check,
                error -> log.warn("The deadlock detector could not look: {}", error.getMessage()));
    }

    public void start() {
        checks.start();
    }

    /** No check begins any more; completes when the one in work has ended, or after 10 s. */
    public Future<Void> stop() {
        return checks.stop();
    }

    /** One look at the overdue registrations. */
    Future<Integer> check() {
        AtomicBoolean over = new AtomicBoolean();
        BooleanSupplier goOn = () -> !checks.isStopped() && !over.get();
        return new CatchUp(vertx, pool, watch, lag, goOn)
                .within(interval.dividedBy(2))
                .otherwise(error -> {
                    log.info("The deadlock detector cannot tell whether a reply is on its way: {}", error.getMessage());
                    return CatchUp.Outcome.BEHIND;
                })
                // A stop in the middle of a look knows nothing; recorded as a lag it would restart every deadline.
                .compose(outcome -> goOn.getAsBoolean() ? act(outcome, goOn) : Future.succeededFuture(0))
                .timeout(interval.plus(CHECK_OVERHEAD_MAX).toMillis(), TimeUnit.MILLISECONDS)
                // What was given up must not act beside the next check when its answer comes after all.
                .onComplete(ended -> over.set(true))
                .onSuccess(count -> {
                    if (count > 0) {
                        log.warn("{} registrations got no reply in time and are rejected", count);
                        rejected.accept(count);
                    }
                });
    }

    private Future<Integer> act(CatchUp.Outcome outcome, BooleanSupplier goOn) {
        boolean caughtUp = outcome == CatchUp.Outcome.CAUGHT_UP;
        return watch.recordCheck(pool, caughtUp, gapMax()).compose(recorded -> {
            if (!caughtUp) {
                log.info("The own relay or consumer is behind: deadlines of pending registrations start anew");
                return Future.succeededFuture(0);
            }
            return reject.reject(goOn);
        });
    }

    private Duration gapMax() {
        return interval.multipliedBy(3).plusSeconds(5);
    }
}
