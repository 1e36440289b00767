package dev.doorbell.relay;

/**
 * Through which seq a relay has removed what was old: a step that began at the left end of the index would walk over the
 * entries of all removed rows that VACUUM has not cleared away, and over each row itself while some snapshot still sees it.
 *
 * <p>A row can turn up below the mark all the same, restored or inserted with a seq of its own. So the first run of a
 * leader, and every {@value #RUNS_PER_LOOK_BACK}th after it, begins at the left end.
 */
final class RemovalMark {
    static final int RUNS_PER_LOOK_BACK = 64;
    static final long LEFT_END = Long.MIN_VALUE;

    private long through = LEFT_END;
    private long runs;

    /** Where a run begins. One that looks back and fails is not repeated at once: the next begins at the mark. */
    long begin() {
        return runs++ % RUNS_PER_LOOK_BACK == 0 ? LEFT_END : through;
    }

    /** A step has removed all that it could through {@code seq}; of what it left below the mark the next look back takes care. */
    void reached(long seq) {
        through = Math.max(through, seq);
    }
}
