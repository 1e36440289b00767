package dev.doorbell.system.faults;

import dev.doorbell.system.harness.Waiting;
import java.time.Duration;

/**
 * Whether and when the system came to rest: every service ready, and what the checker asks for before it reads.
 *
 * @param missing what was not at rest when the time was over; null when it came to rest
 */
record Rest(Duration took, String missing) {
    boolean reached() {
        return missing == null;
    }

    static Rest await(World world, Duration limit) {
        long since = System.nanoTime();
        try {
            Waiting.until("all services are ready")
                    .atMost(limit)
                    .until(() -> world.wanted().stream()
                            .allMatch(member -> member.process().isReady()));
            dev.doorbell.system.faults.history.Rest.await(
                    world.settlement(),
                    world.database("customers"),
                    world.database("payments"),
                    world.keycloak().isPresent(),
                    limit.minus(since(since)).plusSeconds(1));
            return new Rest(since(since), null);
        } catch (RuntimeException | AssertionError late) {
            return new Rest(since(since), late.getMessage());
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
