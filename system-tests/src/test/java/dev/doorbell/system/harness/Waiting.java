package dev.doorbell.system.harness;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;

/** How tests wait: for a named condition, looked at often, with one limit that a loaded machine does not reach. */
public final class Waiting {
    public static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration INTERVAL = Duration.ofMillis(50);

    private Waiting() {}

    /** @param condition stands in the failure */
    public static ConditionFactory until(String condition) {
        return Awaitility.await(condition)
                .atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(INTERVAL);
    }

    /**
     * Waits until nothing is left that stands in the way; what was left last stands in the failure.
     *
     * @param condition stands in the failure too
     * @param obstacles asked again and again; an answer that fails is an obstacle, for what breaks may heal
     */
    public static void forNone(String condition, Duration limit, Supplier<? extends Collection<?>> obstacles) {
        AtomicReference<Object> last = new AtomicReference<>("not looked at");
        try {
            until(condition).atMost(limit).until(() -> {
                try {
                    Collection<?> left = obstacles.get();
                    last.set(left);
                    return left.isEmpty();
                } catch (RuntimeException e) {
                    last.set(e);
                    return false;
                }
            });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(condition + ": not within " + limit.toSeconds() + " s: " + last.get(), e);
        }
    }
}
