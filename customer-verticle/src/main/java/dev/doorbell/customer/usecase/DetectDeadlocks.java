package dev.doorbell.customer.usecase;

import dev.doorbell.customer.store.SagaWatchStore;
import dev.doorbell.outbox.ConsumerLag;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deadlock detector: at every interval it rejects the registrations that are overdue, unless the blame may lie
 * here. A check first takes the end of the reply topic and of the own outbox, then waits until the consumer group and
 * the relay have passed both; when they do not within half an interval, Kafka or one of them is behind, and the
 * deadlines of all registrations start anew. So an hour without Kafka rejects nobody, and load alone, under which lag is never zero,
 * does not hold the detector up.
 */
public final class DetectDeadlocks {
    private static final Logger log = LoggerFactory.getLogger(DetectDeadlocks.class);
    private static final long LOOK_AGAIN_MS = 50;

    private final Vertx vertx;
    private final Pool pool;
    private final SagaWatchStore watch;
    private final ConsumerLag lag;
    private final RejectOverdueRegistrations reject;
    private final Duration interval;
    private final IntConsumer rejected;
    private long timer = -1;
    private boolean stopped;

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
    }

    public void start() {
        timer = vertx.setTimer(
                interval.toMillis(),
                tick -> check().onComplete(done -> {
                    if (done.failed()) {
                        log.warn(
                                "The deadlock detector could not look: {}",
                                done.cause().getMessage());
                    }
                    if (!stopped) {
                        start();
                    }
                }));
    }

    public void stop() {
        stopped = true;
        vertx.cancelTimer(timer);
    }

    /** One look at the overdue registrations. */
    Future<Integer> check() {
        return caughtUp()
                .otherwise(error -> {
                    log.info("Kafka does not answer the deadlock detector: {}", error.getMessage());
                    return false;
                })
                .compose(caughtUp -> watch.recordCheck(pool, caughtUp, gapMax()).map(caughtUp))
                .compose(caughtUp -> {
                    if (!caughtUp) {
                        log.info("The own relay or consumer is behind: deadlines of pending registrations start anew");
                        return Future.succeededFuture(0);
                    }
                    return reject.reject();
                })
                .onSuccess(count -> {
                    if (count > 0) {
                        log.warn("{} registrations got no reply in time and are rejected", count);
                        rejected.accept(count);
                    }
                });
    }

    private Duration gapMax() {
        return interval.multipliedBy(3).plusSeconds(5);
    }

    private Future<Boolean> caughtUp() {
        return lag.ends()
                .compose(ends -> watch.lastAppended(pool).compose(seq -> {
                    long deadline = System.nanoTime() + interval.toNanos() / 2;
                    return reached(ends, seq, deadline);
                }));
    }

    private Future<Boolean> reached(ConsumerLag.Ends ends, long seq, long deadlineNanos) {
        return watch.isPublishedThrough(pool, seq)
                .compose(published -> published ? lag.reached(ends) : Future.succeededFuture(false))
                .compose(reached -> {
                    if (reached || stopped || System.nanoTime() - deadlineNanos > 0) {
                        return Future.succeededFuture(reached);
                    }
                    Promise<Void> later = Promise.promise();
                    vertx.setTimer(LOOK_AGAIN_MS, tick -> later.complete());
                    return later.future().compose(again -> reached(ends, seq, deadlineNanos));
                });
    }
}
