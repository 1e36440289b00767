package dev.doorbell.outbox;

/** Why a record lies in {@code dead_letter}. */
public enum DeadLetterReason {
    /** The handler failed for a cause that repeating cannot mend. Parks the record's key. */
    POISON(true),
    /** No event of ours: a header is missing or wrong. Parks the record's key. */
    UNDECODABLE(true),
    /** It came behind a poisoned record of its key and waits for it. */
    PARKED(false),
    /** It is older than the inbox remembers, so whether it is a repeat cannot be told. */
    BEYOND_DEDUPE_HORIZON(false);

    private final boolean parksKey;

    DeadLetterReason(boolean parksKey) {
        this.parksKey = parksKey;
    }

    boolean parksKey() {
        return parksKey;
    }
}
