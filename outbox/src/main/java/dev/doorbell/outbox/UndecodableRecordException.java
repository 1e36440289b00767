package dev.doorbell.outbox;

/** A record that is no event of ours; the message names the header and does not repeat its value. */
final class UndecodableRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UndecodableRecordException(String message) {
        super(message);
    }
}
