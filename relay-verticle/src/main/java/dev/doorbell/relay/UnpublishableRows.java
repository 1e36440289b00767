package dev.doorbell.relay;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Knows of which rows Kafka can never take. What can be known is found before sending: a refusal costs the producer and
 * everything in flight. What only the broker knew is remembered until the row is dead-lettered, across drains.
 */
final class UnpublishableRows {
    /** Anything a topic's name may be; the rest Kafka would refuse for ever. */
    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}");

    private static final int REFUSED_MAX = 10_000;

    private final int recordBytesMax;
    private final Memo<Boolean> validTopics =
            new Memo<>(topic -> TOPIC.matcher(topic).matches());
    private final Map<Long, String> refused = new HashMap<>();

    UnpublishableRows(int recordBytesMax) {
        this.recordBytesMax = recordBytesMax;
    }

    /** Why the row can never be published, without its payload; null when nothing speaks against it. */
    String cause(OutboundEvent event) {
        // Also those whose payload was too large to be read: it is counted in the bytes.
        if (event.bytes() > recordBytesMax) {
            return "RecordTooLargeException: up to " + event.bytes() + " bytes, RELAY_RECORD_BYTES_MAX is "
                    + recordBytesMax;
        }
        if (!validTopics.of(event.topic())) {
            return "InvalidTopicException: no topic of Kafka can have this name";
        }
        return refused.isEmpty() ? null : refused.get(event.seq());
    }

    /** @param causes by seq, what the broker refused; what does not fit in is refused, and remembered, another time */
    void remember(Map<Long, String> causes) {
        causes.forEach((seq, cause) -> {
            if (refused.size() < REFUSED_MAX) {
                refused.put(seq, cause);
            }
        });
    }

    /** The row is dead-lettered. */
    void forget(long seq) {
        refused.remove(seq);
    }
}
