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
    /** Where rows come one by one there is time to look for each. */
    private static final long PAUSE_US_MIN_FOR_FEW = 100;
    /** Where they come faster the machine is busy, and a look that finds more costs less for each. */
    private static final long PAUSE_US_MIN = 1_000;

    /** Rows that come so far apart are few. */
    private static final long FEW_NS = MS / 2;

    private final long longestNs;
    private long activeNs;
    private long foundNs;
    private double meanNs;
    private double meanRowNs = 2.0 * FEW_NS;

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
        meanRowNs += ((double) sinceNs / rows - meanRowNs) / NEWEST_PART;
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
        long shortest = meanRowNs >= FEW_NS ? PAUSE_US_MIN_FOR_FEW : PAUSE_US_MIN;
        long longest = isOver(nowNs) ? PAUSE_US_MAX_AFTERWARDS : PAUSE_US_MAX;
        return Math.max(shortest, Math.min(longest, (nowNs - activeNs) / PAUSE_PART / MICRO));
    }

    private double lingerNs() {
        double busyNs = (double) longestNs / BUSY_PART;
        double ns = meanNs <= busyNs ? longestNs : longestNs * busyNs / meanNs;
        return Math.max(ns, (double) longestNs / SHORTEST_PART);
    }
}
