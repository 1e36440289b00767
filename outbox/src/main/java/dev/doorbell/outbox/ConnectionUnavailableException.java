package dev.doorbell.outbox;

/** The transaction could not be begun or its end is unknown: nothing says that the event is to blame. */
final class ConnectionUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConnectionUnavailableException(Throwable cause) {
        super("No transaction: " + cause.getMessage(), cause);
    }
}
