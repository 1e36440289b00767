package dev.doorbell.relay;

/** The source's database is in a state that must not be relayed; its message says which and what mends it. */
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
        super(message);
    }
}
