package dev.doorbell.benchmarks.contender;

/** What a contender is set up for: each is measured at its best for the question. */
public enum Goal {
    LATENCY,
    DRAIN
}
