package dev.doorbell.benchmarks.measure;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what is named, and no longer than is said. */
public final class Waiting {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private Waiting() {}

    /** @throws BenchmarkException when it has not come true within the limit, or the thread is interrupted */
    public static void until(String what, Duration limit, BooleanSupplier condition) {
        until(what, limit, LOOK_AGAIN, condition);
    }

    /** For conditions that cost the measured system something to look at. */
    public static void until(String what, Duration limit, Duration lookAgain, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new BenchmarkException("waited " + limit.toSeconds() + " s in vain: " + what);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new BenchmarkException("interrupted: " + what);
            }
            LockSupport.parkNanos(lookAgain.toNanos());
        }
    }

    /** Lets time pass that belongs to a measurement: a pace, or its length. */
    public static void untilNanoTime(long nanoTime) {
        long left = nanoTime - System.nanoTime();
        while (left > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(left);
            left = nanoTime - System.nanoTime();
        }
    }
}
