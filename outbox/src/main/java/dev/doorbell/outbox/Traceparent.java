package dev.doorbell.outbox;

import java.util.regex.Pattern;

/** The header of W3C Trace Context, level 1, section 3.2: carried on when valid, dropped when not, as it asks. */
public final class Traceparent {
    /** The Kafka header's name. */
    public static final String HEADER = "traceparent";

    private static final Pattern VALID =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private Traceparent() {}

    /** Returns {@code header} when it is a valid trace context, otherwise null. */
    public static String orNull(String header) {
        return header != null && VALID.matcher(header).matches() ? header : null;
    }
}
