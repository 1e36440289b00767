package dev.doorbell.customer.usecase;

import dev.doorbell.customer.store.SagaWatchStore;
import dev.doorbell.outbox.ConsumerLag;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * One wait for the own relay and consumer: takes the ends of the outbox and of the reply topics, then looks again and
 * again whether both have been passed. A loop of timers with one promise, because a chain of futures as long as the
 * wait would be completed in one deep recursion. Use from one event loop.
 */
final class CatchUp {
    enum Outcome {
        CAUGHT_UP,
        BEHIND,
        /** Nobody wants to know any longer; says nothing about relay and consumer. */
        STOPPED
    }

    private record Target(long seq, ConsumerLag.Ends ends, long deadlineNanos) {}

    private static final long LOOK_AGAIN_MS = 50;

    private final Vertx vertx;
    private final Pool pool;
    private final SagaWatchStore watch;
    private final ConsumerLag lag;
    private final BooleanSupplier goOn;
    private final Promise<Outcome> outcome = Promise.promise();

    /** @param goOn asked before each further look */
    CatchUp(Vertx vertx, Pool pool, SagaWatchStore watch, ConsumerLag lag, BooleanSupplier goOn) {
        this.vertx = vertx;
        this.pool = pool;
        this.watch = watch;
        this.lag = lag;
        this.goOn = goOn;
    }

    /** Fails with a message that says whether Kafka or the database could not be asked. */
    Future<Outcome> within(Duration limit) {
        ofKafka(lag.ends())
                .compose(ends -> ofDatabase(watch.lastAppended(pool))
                        .map(seq -> new Target(seq, ends, System.nanoTime() + limit.toNanos())))
                .onComplete(this::look, outcome::fail);
        return outcome.future();
    }

    private void look(Target target) {
        ofDatabase(watch.isPublishedThrough(pool, target.seq()))
                .compose(published -> published ? ofKafka(lag.reached(target.ends())) : Future.succeededFuture(false))
                .onComplete(reached -> decide(target, reached), outcome::fail);
    }

    private void decide(Target target, boolean reached) {
        if (reached) {
            outcome.complete(Outcome.CAUGHT_UP);
        } else if (!goOn.getAsBoolean()) {
            outcome.complete(Outcome.STOPPED);
        } else if (System.nanoTime() - target.deadlineNanos() > 0) {
            outcome.complete(Outcome.BEHIND);
        } else {
            vertx.setTimer(LOOK_AGAIN_MS, tick -> look(target));
        }
    }

    private static <T> Future<T> ofKafka(Future<T> answer) {
        return answer.recover(error ->
                Future.failedFuture(new IllegalStateException("Kafka does not answer: " + error.getMessage(), error)));
    }

    private static <T> Future<T> ofDatabase(Future<T> answer) {
        return answer.recover(error -> Future.failedFuture(
                new IllegalStateException("the database does not answer: " + error.getMessage(), error)));
    }
}
