package dev.doorbell.service;

/** A start that cannot succeed by waiting; its message is the one line that the user reads. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartException(String line) {
        super(line);
    }
}
