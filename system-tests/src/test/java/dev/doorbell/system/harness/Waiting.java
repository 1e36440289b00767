package dev.doorbell.system.harness;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

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
}
