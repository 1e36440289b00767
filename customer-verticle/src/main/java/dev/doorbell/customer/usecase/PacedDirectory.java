package dev.doorbell.customer.usecase;

import dev.doorbell.customer.usecase.IdentityProvider.Permit;
import dev.doorbell.customer.usecase.IdentityProviderException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Calls of the directory by somebody who has time: one after the other, no more than so many a second, so that making users
 * for registrations never waits for them. A call that fails for now is made again a few times, not before the provider asks
 * for it; while it is known to be down none is made at all. Use from one event loop, one call at a time.
 */
final class PacedDirectory {
    /** Somebody has to mend these. */
    private static final Set<Reason> LASTING =
            Set.of(Reason.FORBIDDEN, Reason.UNEXPECTED_ANSWER, Reason.ATTRIBUTE_LOST);

    private static final int REPEATS_MAX = 4;

    private final Vertx vertx;
    private final IdentityDirectory directory;
    private final long spacingNanos;
    private final Duration retryMin;
    private final Supplier<Future<Void>> before;
    private long nextNanos = System.nanoTime();

    /**
     * @param retryMin before the first repeat; doubles with each
     * @param before each call; a failure of it ends everything
     */
    PacedDirectory(
            Vertx vertx,
            IdentityDirectory directory,
            int callsPerSecondMax,
            Duration retryMin,
            Supplier<Future<Void>> before) {
        this.vertx = vertx;
        this.directory = directory;
        this.spacingNanos = TimeUnit.SECONDS.toNanos(1) / callsPerSecondMax;
        this.retryMin = retryMin;
        this.before = before;
    }

    <T> Future<T> call(BiFunction<IdentityDirectory, Permit, Future<T>> call) {
        return call(permit -> call.apply(directory, permit), 0);
    }

    private <T> Future<T> call(Function<Permit, Future<T>> call, int repeats) {
        return turn().compose(turn -> before.get())
                .compose(ready -> attempt(call).recover(failure -> {
                    if (repeats == REPEATS_MAX
                            || !(failure instanceof IdentityProviderException e)
                            || LASTING.contains(e.reason())) {
                        return Future.failedFuture(failure);
                    }
                    return after(delay(repeats, e.retryAfter())).compose(waited -> call(call, repeats + 1));
                }));
    }

    private <T> Future<T> attempt(Function<Permit, Future<T>> call) {
        if (directory.capacity() == 0) {
            return Future.failedFuture(new IdentityProviderException(
                    Reason.CIRCUIT_OPEN, "the identity provider is left alone for a while"));
        }
        return directory.permit().compose(call);
    }

    private Duration delay(int repeats, Duration asked) {
        long doubled = retryMin.toMillis() << repeats;
        long chosen = ThreadLocalRandom.current().nextLong(doubled / 2, doubled + 1);
        return Duration.ofMillis(Math.max(chosen, asked.toMillis()));
    }

    private Future<Void> turn() {
        long now = System.nanoTime();
        long waitNanos = nextNanos - now;
        nextNanos = (waitNanos > 0 ? nextNanos : now) + spacingNanos;
        return waitNanos > 0 ? after(Duration.ofNanos(waitNanos)) : Future.succeededFuture();
    }

    private Future<Void> after(Duration delay) {
        Promise<Void> over = Promise.promise();
        vertx.setTimer(Math.max(1, delay.toMillis()), tick -> over.complete());
        return over.future();
    }
}
