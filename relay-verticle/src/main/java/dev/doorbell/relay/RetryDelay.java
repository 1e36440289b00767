package dev.doorbell.relay;

import java.util.concurrent.ThreadLocalRandom;

/** Growing, capped delays; jittered, so that sources that failed together do not come back together. */
final class RetryDelay {
    private final long minMs;
    private final long maxMs;
    private long nextMs;

    RetryDelay(long minMs, long maxMs) {
        this.minMs = minMs;
        this.maxMs = maxMs;
        this.nextMs = minMs;
    }

    /** Between half and the whole of the current step, which then doubles. */
    long nextMs() {
        long step = nextMs;
        nextMs = Math.min(step * 2, maxMs);
        return Math.max(1, step / 2 + ThreadLocalRandom.current().nextLong(step / 2 + 1));
    }

    void reset() {
        nextMs = minMs;
    }
}
