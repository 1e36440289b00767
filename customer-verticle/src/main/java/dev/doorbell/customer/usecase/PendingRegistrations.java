package dev.doorbell.customer.usecase;

import dev.doorbell.customer.store.CustomerStore;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admission: knows at every moment how many registrations are pending at most, and whether one more may be. Nothing is
 * asked for a request: the pending ones are counted once a second, and what this instance accepts after a count is added
 * to it. What is settled after a count shows with the next one, so the bound is never too low for an instance alone;
 * what others accept between two counts can overshoot it by that much. Use from one event loop.
 */
public final class PendingRegistrations {
    private static final long INTERVAL_MS = 1_000;
    /** Counting millions takes seconds: then no more than a twentieth of the time, but once a minute. */
    private static final int PAUSE_PER_COUNT = 20;

    private static final long INTERVAL_MS_MAX = 60_000;

    private static final Logger log = LoggerFactory.getLogger(PendingRegistrations.class);

    private final Vertx vertx;
    private final Pool pool;
    private final CustomerStore store;
    private final long max;
    private long counted;
    /** The value of {@link #accepted} when the last count began: what it may have missed came after. */
    private long acceptedBefore;

    private long accepted;
    private long underWay;
    private long timer = -1;
    private boolean failing;
    private boolean stopped;

    /** @param max how many may be pending */
    public PendingRegistrations(Vertx vertx, Pool pool, CustomerStore store, long max) {
        this.vertx = vertx;
        this.pool = pool;
        this.store = store;
        this.max = max;
    }

    /** Begins to count; until the first count is there, only what comes in is known. */
    public void start() {
        long begunNanos = System.nanoTime();
        long before = accepted;
        store.countPending(pool, max).onComplete(count -> {
            if (count.succeeded()) {
                counted = count.result();
                acceptedBefore = before;
            } else if (!failing && !stopped) {
                log.warn(
                        "Pending registrations could not be counted: {}",
                        count.cause().getMessage());
            }
            failing = count.failed();
            if (!stopped) {
                long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos);
                timer = vertx.setTimer(pauseMs(tookMs), next -> start());
            }
        });
    }

    private static long pauseMs(long tookMs) {
        return Math.max(INTERVAL_MS, Math.min(tookMs * PAUSE_PER_COUNT, INTERVAL_MS_MAX));
    }

    public void stop() {
        stopped = true;
        vertx.cancelTimer(timer);
    }

    /** How many are pending at most, those whose transaction is under way included. */
    public long atMost() {
        return counted + (accepted - acceptedBefore) + underWay;
    }

    /** Whether the last count failed: the one before is in force, and what is settled makes no room. */
    public boolean isUncounted() {
        return failing;
    }

    public boolean isFull() {
        return atMost() >= max;
    }

    /** One more is on its way; {@link #ended} must follow. */
    void begun() {
        underWay++;
    }

    /** @param registered whether it is pending now, or may be */
    void ended(boolean registered) {
        underWay--;
        if (registered) {
            accepted++;
        }
    }
}
