package dev.doorbell.customer.usecase;

import dev.doorbell.customer.store.ReconciliationStore;
import dev.doorbell.customer.store.ReconciliationStore.Position;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** A run's right to compare, and the note of where it stands. Use from one event loop. */
final class RunLease {
    /** Longer than the longest wait between two calls, a minute that the provider may ask for. */
    static final Duration LENGTH = Duration.ofMinutes(2);

    private static final Duration RENEW_EVERY = Duration.ofSeconds(10);

    private final Pool pool;
    private final ReconciliationStore store = new ReconciliationStore();
    private final UUID run;
    private final BooleanSupplier stopped;
    private Position position;
    private int findingsLeft;
    private long renewedNanos = System.nanoTime();

    RunLease(Pool pool, UUID run, Position position, BooleanSupplier stopped) {
        this.pool = pool;
        this.run = run;
        this.position = position;
        this.findingsLeft = position.findingsLeft();
        this.stopped = stopped;
    }

    Position position() {
        return position;
    }

    /** Something was found that is not repaired. */
    void left() {
        findingsLeft++;
    }

    /** It is repaired after all. */
    void repairedAfterAll() {
        findingsLeft--;
    }

    /** What is compared stands in the database before the next page is read. */
    Future<Void> save(Position reached) {
        position = new Position(
                reached.pass(), reached.usersFirst(), reached.usersSeen(), reached.customersAfter(), findingsLeft);
        return renew();
    }

    /** Fails when the run is to end, or somebody has taken it over who could not know that it lives. */
    Future<Void> keep() {
        if (stopped.getAsBoolean()) {
            return Future.failedFuture(new IllegalStateException("the service stops"));
        }
        return System.nanoTime() - renewedNanos < RENEW_EVERY.toNanos() ? Future.succeededFuture() : renew();
    }

    private Future<Void> renew() {
        renewedNanos = System.nanoTime();
        return store.progress(pool, run, LENGTH, position).compose(RunLease::orLost);
    }

    Future<Void> complete() {
        return store.complete(pool, run).compose(RunLease::orLost);
    }

    Future<Void> giveUp() {
        return store.giveUp(pool, run);
    }

    private static Future<Void> orLost(boolean ours) {
        return ours
                ? Future.succeededFuture()
                : Future.failedFuture(new IllegalStateException("somebody else has taken the comparison over"));
    }
}
