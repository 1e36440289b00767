package dev.doorbell.relay;

import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;

/**
 * A row of the outbox.
 *
 * @param eventId a UUID in our own table, any text in another one
 * @param topic null where the source's template names it
 * @param payload null when it is larger than any record may be, since such a row is never read whole; or when it is null
 * @param payloadBytes the payload's size, also when it was not read
 * @param headers null for none
 */
record OutboxRow(
        long seq,
        String eventId,
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
