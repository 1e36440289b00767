package dev.doorbell.localstack;

/**
 * A server could not be started, stopped or used. The message is one line for the person who started it: what is wrong,
 * and where there is one, the setting to change.
 */
public final class LocalStackException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LocalStackException(String message) {
        super(message);
    }

    public LocalStackException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What the failure says about itself; many I/O failures carry a path alone, so their kind is named too. */
    static String describe(Throwable failure) {
        String message = failure.getMessage();
        String kind = failure.getClass().getSimpleName();
        return message == null
                ? kind
                : kind + ": " + message.lines().findFirst().orElse("");
    }
}
