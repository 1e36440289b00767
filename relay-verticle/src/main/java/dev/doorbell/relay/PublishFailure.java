package dev.doorbell.relay;

import java.util.Map;

/**
 * A publisher has failed and is closed; nothing of it can reach Kafka any more.
 *
 * <p>Its message names the first error; it carries the rows that Kafka can never take, by seq with the cause.
 */
final class PublishFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Map<Long, String> unpublishable;

    PublishFailure(Throwable cause, Map<Long, String> unpublishable) {
        super(describe(cause), cause);
        this.unpublishable = Map.copyOf(unpublishable);
    }

    Map<Long, String> unpublishable() {
        return unpublishable;
    }

    /** The class and the first line, cut: messages of Kafka hold sizes and names, never a payload. */
    static String describe(Throwable error) {
        String message = error.getMessage() == null
                ? ""
                : error.getMessage().lines().findFirst().orElse("");
        String line = error.getClass().getSimpleName() + (message.isEmpty() ? "" : ": " + message);
        return line.length() <= 300 ? line : line.substring(0, 300) + "…";
    }
}
