package dev.doorbell.relay;

import java.util.concurrent.TimeUnit;

/**
 * How long a relay that finds nothing goes on looking before it sleeps, and how often it looks. Pure and not thread-safe;
 * times are of {@link System#nanoTime}.
 *
 * <p>Adaptive, by the mean time between finds: where events follow each other closely it stays awake through a pause,
 * because every writer that rings holds up the others; where they are far apart the next one would not come within the
 * pause anyway, and one ring costs less than looking for it. As NAPI in Linux goes from interrupts to polling and back.
 */
final class Linger {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MICRO = TimeUnit.MICROSECONDS.toNanos(1);
    /** The part of the longest linger that even rare events get. */
    private static final int SHORTEST_PART = 10;
    /** Finds so many times closer than the longest linger are busy. */
    private static final int BUSY_PART = 4;
    /** Weight of the newest of the times between finds, as one in so many. */
    private static final int NEWEST_PART = 8;
    /** The pause grows by one part in so many of the time without a find, so that a find is late by no more than that. */
    private static final int PAUSE_PART = 4;

    private static final long PAUSE_US_MAX = 5_000;
    /** While Kafka keeps the relay from sleeping for longer than it lingers, perhaps for an hour. */
    private static final long PAUSE_US_MAX_AFTERWARDS = 50_000;
    /** Where rows come one by one, so far apart or farther, there is time to look for each. */
    private static final double SPARSE_NS = 0.6 * MS;

    private static final long PAUSE_US_SPARSE = 100;
    /** Where they come as close as this the machine is busy, and a look that finds more costs less for each. */
    private static final double DENSE_NS = 0.3 * MS;

    private static final long PAUSE_US_DENSE = 1_000;

    private final long longestNs;
    private long activeNs;
    private long foundNs;
    private double meanNs;
    /** Decaying sums, of which the quotient is the mean time between rows. A mean of quotients would jump about. */
    private double recentNs = SPARSE_NS;

    private double recentRows = 1;

    /** @param longestMs what {@code RELAY_LINGER_MS} says */
    Linger(long longestMs, long nowNs) {
        this.longestNs = longestMs * MS;
        this.activeNs = nowNs;
        this.foundNs = nowNs;
    }

    /** A read found so many rows, one at least. */
    void found(long nowNs, int rows) {
        long sinceNs = Math.min(nowNs - foundNs, NEWEST_PART * longestNs);
        meanNs += (sinceNs - meanNs) / NEWEST_PART;
        recentNs += sinceNs - recentNs / NEWEST_PART;
        recentRows += rows - recentRows / NEWEST_PART;
        foundNs = nowNs;
        activeNs = nowNs;
    }

    /** There may be rows soon: a drain begins, or somebody rang. */
    void begin(long nowNs) {
        activeNs = nowNs;
    }

    boolean isOver(long nowNs) {
        return nowNs - activeNs >= lingerNs();
    }

    /** Microseconds until the next look. */
    long pauseMicros(long nowNs) {
        long longest = isOver(nowNs) ? PAUSE_US_MAX_AFTERWARDS : PAUSE_US_MAX;
        return Math.max(shortestMicros(), Math.min(longest, (nowNs - activeNs) / PAUSE_PART / MICRO));
    }

    /** Without a step between few rows and many: a rate just there would make it look now so often and now so seldom. */
    private long shortestMicros() {
        double dense = (SPARSE_NS - recentNs / recentRows) / (SPARSE_NS - DENSE_NS);
        double part = Math.max(0, Math.min(1, dense));
        return Math.round(PAUSE_US_SPARSE + part * (PAUSE_US_DENSE - PAUSE_US_SPARSE));
    }

    private double lingerNs() {
        double busyNs = (double) longestNs / BUSY_PART;
        double ns = meanNs <= busyNs ? longestNs : longestNs * busyNs / meanNs;
        return Math.max(ns, (double) longestNs / SHORTEST_PART);
    }
}
