package dev.doorbell.outbox;

/** An event that cannot be processed however often it is tried; its message goes to {@code dead_letter.cause}. */
public final class PoisonEventException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Fails the event for good.
     *
     * @param message for an operator: no secrets, no personal data
     */
    public PoisonEventException(String message) {
        super(message);
    }

    /**
     * Fails the event for good.
     *
     * @param message for an operator: no secrets, no personal data
     * @param cause is not stored
     */
    public PoisonEventException(String message, Throwable cause) {
        super(message, cause);
    }
}
