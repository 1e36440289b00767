package dev.doorbell.benchmarks.scenario;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param quick only shows that everything works: too short to compare anything
 * @param rounds how often each contender has its turn; A/B/A/B, so that a machine that slows down slows all of them
 * @param warmUp of each contender's process in each turn, at least; on two saturated cores 15 s measure the compiler
 * @param measured time of a measurement at a rate
 * @param backlogRows of a drain
 */
public record Plan(boolean quick, int rounds, Duration warmUp, Duration measured, long backlogRows) {
    private static final long BACKLOG_ROWS = 1_000_000;
    private static final long QUICK_BACKLOG_ROWS = 50_000;

    public static Plan full(int rounds) {
        return new Plan(false, rounds, Duration.ofSeconds(60), Duration.ofSeconds(60), BACKLOG_ROWS);
    }

    public static Plan quickLook(int rounds) {
        return new Plan(true, rounds, Duration.ofSeconds(2), Duration.ofSeconds(3), QUICK_BACKLOG_ROWS);
    }

    Plan measuredFor(Duration duration) {
        return new Plan(quick, rounds, warmUp, duration, backlogRows);
    }

    /** Events of one burst while warming up a drain. */
    long warmUpRows() {
        return backlogRows / 5;
    }
}
