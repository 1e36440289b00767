package dev.doorbell.system.guards;

/** A guard did not catch, or could not be tried; the message says which in a line or a few. */
final class GuardFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GuardFailure(String message) {
        super(message);
    }
}
