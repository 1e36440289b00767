package dev.doorbell.system.faults;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;

/** What an operator expects of a process that gets SIGTERM: it is gone within seconds, and says that this was in order. */
final class OrderlyStop {
    /** On a loaded machine; it has requests and a batch to finish. */
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** 143: what a JVM says that was ended by SIGTERM and has no other opinion. */
    private static final Set<Integer> EXIT_CODES = Set.of(0, 143);

    private OrderlyStop() {}

    /**
     * @param terminate sends SIGTERM and waits for the exit code
     * @return what was out of order
     */
    static Optional<String> of(String name, IntSupplier terminate) {
        return of(name, LIMIT, terminate);
    }

    static Optional<String> of(String name, Duration limit, IntSupplier terminate) {
        long since = System.nanoTime();
        try {
            int exitCode = terminate.getAsInt();
            Duration took = Duration.ofNanos(System.nanoTime() - since);
            if (!EXIT_CODES.contains(exitCode)) {
                return Optional.of(name + " ended with exit code " + exitCode + " on SIGTERM");
            }
            return took.compareTo(limit) > 0
                    ? Optional.of(name + " took " + took.toMillis() + " ms to end on SIGTERM")
                    : Optional.empty();
        } catch (RuntimeException | AssertionError e) {
            return Optional.of(name + " did not end on SIGTERM: " + e.getMessage());
        }
    }
}
