package dev.doorbell.relay;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A row of the outbox.
 *
 * @param eventId a UUID in our own table, any text in another one
 * @param topic null where the source's template names it
 * @param payload null when it is larger than any record may be, since such a row is never read whole; or when it is null
 * @param payloadBytes the payload's size, also when it was not read
 * @param headers values by name, null ones too; as JSON has them, or texts
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
        Map<String, Object> headers,
        OffsetDateTime createdAt) {
    /**
     * By position: looked up by name, the columns of a row cost as much as their decoding.
     *
     * @param headerNames as in {@link SourceSql#headerNames}
     */
    static OutboxRow of(Row row, List<String> headerNames) {
        Buffer payload = row.getBuffer(OutboxSql.PAYLOAD);
        return new OutboxRow(
                row.getLong(OutboxSql.SEQ),
                row.getValue(OutboxSql.EVENT_ID).toString(),
                row.getString(OutboxSql.AGGREGATE_TYPE),
                row.getString(OutboxSql.AGGREGATE_ID),
                row.getString(OutboxSql.EVENT_TYPE),
                row.getString(OutboxSql.TOPIC),
                payload == null ? null : payload.getBytes(),
                row.getInteger(OutboxSql.PAYLOAD_BYTES),
                row.getString(OutboxSql.CONTENT_TYPE),
                row.getString(OutboxSql.TRACEPARENT),
                headers(row, headerNames),
                row.getOffsetDateTime(OutboxSql.CREATED_AT));
    }

    private static Map<String, Object> headers(Row row, List<String> names) {
        if (names.isEmpty()) {
            JsonObject document = (JsonObject) row.getValue(OutboxSql.HEADERS);
            return document == null ? Map.of() : document.getMap();
        }
        String[] values = row.getArrayOfStrings(OutboxSql.HEADERS);
        Map<String, Object> headers = values[0] == null ? new LinkedHashMap<>() : new JsonObject(values[0]).getMap();
        for (int i = 0; i < names.size(); i++) {
            headers.put(names.get(i), values[i + 1]);
        }
        return headers;
    }
}
