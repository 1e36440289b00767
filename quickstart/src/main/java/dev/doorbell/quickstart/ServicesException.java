package dev.doorbell.quickstart;

/** The services did not start; the message is for the user. */
final class ServicesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ServicesException(String message, Throwable cause) {
        super(message, cause);
    }
}
