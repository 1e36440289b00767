package dev.doorbell.outbox;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * An event to append to the outbox. Start with {@link #json} or {@link #bytes}; the {@code with} methods add what is
 * optional. Immutable, for any thread, but its payload is not copied: do not change it before the append has ended.
 *
 * @param id UUID version 7; consumers drop repeats by it
 * @param aggregateType names the topic (by default {@code outbox.event.<aggregateType>}); letters, digits, dots,
 *     underscores and hyphens, at most 200
 * @param aggregateId the Kafka key: events of one aggregate stay in order; at most 2,000 bytes of UTF-8
 * @param type CloudEvents {@code type}; handlers are registered by it
 * @param topic overrides the topic, null for the default
 * @param payload any bytes, at most {@link #PAYLOAD_BYTES_MAX}
 * @param contentType media type of the payload
 * @param traceparent W3C trace context to carry along, or null
 * @param headers further Kafka headers, at most 50; {@link #withDataSchema} puts the version of the payload there
 */
public record OutboxEvent(
        UUID id,
        String aggregateType,
        String aggregateId,
        String type,
        String topic,
        Buffer payload,
        String contentType,
        String traceparent,
        Map<String, String> headers) {
    /** In bytes. Kafka's default limit of a record is 1 MiB; what exceeds it could never be published. */
    public static final int PAYLOAD_BYTES_MAX = 900 * 1024;

    private static final String DATA_SCHEMA = "ce_dataschema";
    private static final Pattern TOPIC_PART = Pattern.compile("[A-Za-z0-9._-]+");
    private static final int TYPE_LENGTH_MAX = 200;
    private static final int ID_BYTES_MAX = 2_000;
    private static final int HEADERS_MAX = 50;

    /**
     * Checks all of it, so that nothing is appended that could not be published.
     *
     * @throws IllegalArgumentException naming the field that is wrong, without its value
     * @throws NullPointerException for a null that is not allowed
     */
    public OutboxEvent {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(contentType, "contentType");
        require(UuidV7.isV7(id), "id", "is not a UUID of version 7");
        require(isTopicPart(aggregateType, 200), "aggregateType", "is not 1 to 200 letters, digits, '.', '_' or '-'");
        require(topic == null || isTopicPart(topic, 249), "topic", "is not a name that Kafka accepts");
        require(isId(aggregateId), "aggregateId", "is empty or longer than 2,000 bytes of UTF-8");
        require(isText(type, TYPE_LENGTH_MAX), "type", "is empty or longer than 200 characters");
        require(payload.length() <= PAYLOAD_BYTES_MAX, "payload", "is larger than 900 KiB");
        headers = Map.copyOf(headers);
        require(headers.size() <= HEADERS_MAX, "headers", "are more than 50");
    }

    /**
     * A JSON event with a fresh id. The payload is not parsed: what is no JSON is published as it is.
     *
     * @throws IllegalArgumentException naming the field that is wrong
     */
    public static OutboxEvent json(String aggregateType, String aggregateId, String type, Buffer payload) {
        return bytes(aggregateType, aggregateId, type, payload, "application/json");
    }

    /**
     * An event of any bytes (Avro, Protobuf, …) with a fresh id.
     *
     * @throws IllegalArgumentException naming the field that is wrong
     */
    public static OutboxEvent bytes(
            String aggregateType, String aggregateId, String type, Buffer payload, String contentType) {
        return new OutboxEvent(
                UuidV7.create(), aggregateType, aggregateId, type, null, payload, contentType, null, Map.of());
    }

    /** Carries a W3C {@code traceparent} through; null for none. */
    public OutboxEvent withTraceparent(String value) {
        return new OutboxEvent(id, aggregateType, aggregateId, type, topic, payload, contentType, value, headers);
    }

    /**
     * Publishes it to this topic instead of that of the aggregate type; null for that again. Events of one aggregate in two
     * topics have no order between them.
     *
     * @throws IllegalArgumentException for a name that Kafka does not accept
     */
    public OutboxEvent withTopic(String value) {
        return new OutboxEvent(id, aggregateType, aggregateId, type, value, payload, contentType, traceparent, headers);
    }

    /** The version of the payload as a URI, CloudEvents {@code dataschema}. */
    public OutboxEvent withDataSchema(String uri) {
        Map<String, String> all = new HashMap<>(headers);
        all.put(DATA_SCHEMA, uri);
        return withHeaders(all);
    }

    /**
     * Replaces the further headers, that of {@link #withDataSchema} too. They come to Kafka beside those that the relay
     * writes ({@code ce_id} and so on), so choose other names.
     *
     * @throws IllegalArgumentException for more than 50
     */
    public OutboxEvent withHeaders(Map<String, String> values) {
        return new OutboxEvent(id, aggregateType, aggregateId, type, topic, payload, contentType, traceparent, values);
    }

    private static boolean isTopicPart(String value, int lengthMax) {
        return isText(value, lengthMax) && TOPIC_PART.matcher(value).matches();
    }

    private static boolean isId(String value) {
        return isText(value, ID_BYTES_MAX) && value.getBytes(StandardCharsets.UTF_8).length <= ID_BYTES_MAX;
    }

    private static boolean isText(String value, int lengthMax) {
        return value != null && !value.isEmpty() && value.length() <= lengthMax;
    }

    private static void require(boolean condition, String field, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException("The event's " + field + " " + otherwise + ".");
        }
    }
}
