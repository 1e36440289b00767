package dev.doorbell.outbox;

import java.time.Duration;

/** A topic keeps its records for longer than the inbox remembers them: a repeat could take effect twice. */
public final class InboxHorizonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InboxHorizonException(String topic, Duration retention, Duration inboxRetention) {
        super("The inbox remembers " + inboxRetention.toHours() + " h, but topic " + topic + " keeps records "
                + (retention == null
                        ? "for ever (retention.ms -1 or compacted)"
                        : "for up to " + (retention.toHours() + 1) + " h (retention.ms + segment.ms)")
                + ".");
    }
}
