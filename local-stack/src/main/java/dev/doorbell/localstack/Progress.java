package dev.doorbell.localstack;

/**
 * Told what is going on while a server starts, as lines such as {@code postgresql: ready on port 25432 in 1.9 s}.
 *
 * <p>Called on the thread that starts the server; {@link LocalStack} starts two at once, so it must be thread-safe.
 */
@FunctionalInterface
public interface Progress {
    void report(String line);

    /** Tells nobody. */
    static Progress none() {
        return line -> {};
    }
}
