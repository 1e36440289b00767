package dev.doorbell.relay;

import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * A row of the outbox.
 *
 * @param topic null where the source's template names it
 * @param payload null when it is larger than any record may be: such a row is never read whole
 * @param payloadBytes the payload's size, also when it was not read
 * @param headers null for none
 */
record OutboxRow(
        long seq,
        UUID eventId,
        String aggregateType,
        String aggregateId,
        String eventType,
        String topic,
        byte[] payload,
        long payloadBytes,
        String contentType,
        String traceparent,
        JsonObject headers,
        OffsetDateTime createdAt) {}
