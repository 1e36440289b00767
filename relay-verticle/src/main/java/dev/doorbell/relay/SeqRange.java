package dev.doorbell.relay;

/** Sequence values from {@code start} to {@code end}, both included. */
record SeqRange(long start, long end) {
    SeqRange {
        if (start > end) {
            throw new IllegalArgumentException("range from " + start + " to " + end);
        }
    }

    static SeqRange of(long seq) {
        return new SeqRange(seq, seq);
    }
}
