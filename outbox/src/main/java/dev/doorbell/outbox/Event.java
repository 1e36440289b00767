package dev.doorbell.outbox;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * An event as a consumer receives it: a CloudEvent in Kafka's binary content mode (CloudEvents 1.0, Kafka protocol
 * binding 1.0).
 *
 * @param id what the inbox drops repeats by
 * @param type what handlers are registered by
 * @param source the outbox it was read from, as {@code /customers}
 * @param aggregateId the CloudEvents {@code subject}, and the Kafka key
 * @param time when the writer appended it
 * @param sequence its place in the outbox, or -1 when the producer gave none
 * @param dataSchema the version of the payload, or null
 * @param contentType media type of the payload
 * @param traceparent W3C trace context, or null; hand it on to the events that the handler appends
 * @param replayed true for one that the relay published again on purpose
 * @param payload the record's value
 * @param headers the remaining headers, values as UTF-8
 * @param topic where it came from, with {@code partition} and {@code offset}
 */
public record Event(
        UUID id,
        String type,
        String source,
        String aggregateId,
        Instant time,
        long sequence,
        String dataSchema,
        String contentType,
        String traceparent,
        boolean replayed,
        Buffer payload,
        Map<String, String> headers,
        String topic,
        int partition,
        long offset) {}
