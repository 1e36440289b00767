package dev.doorbell.system.faults;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets a load run for its time. Not to wait for anything: for that there are conditions. */
final class Pause {
    private Pause() {}

    static void of(Duration duration) {
        try {
            // Nobody counts it down.
            if (new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("counted down");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
