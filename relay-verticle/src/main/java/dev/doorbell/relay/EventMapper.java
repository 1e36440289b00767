package dev.doorbell.relay;

import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.utils.Utils;

/**
 * Makes a Kafka record of a row, as CloudEvents 1.0 in binary content mode (Kafka protocol binding 1.0, section 3.2).
 * The record's timestamp is left to the producer: the broker's retention goes by it, and an event that waited in the
 * outbox for a week would be removed as soon as it arrived.
 *
 * <p>Or as Debezium's outbox event router does: the header {@code id}, further ones only from the columns named for them,
 * a null column as a header without a value (debezium.io, "Outbox Event Router", and its class EventRouterDelegate).
 * Key and value are then, byte by byte, what a connector writes with StringConverter for the key and, for the value,
 * StringConverter (text, json, jsonb) or ByteArrayConverter (bytea). With JsonConverter, the default of Kafka Connect,
 * text arrives as a JSON string in quotes, or with a schema around it: consumers of that must change.
 */
final class EventMapper {
    /** Header of Debezium's outbox event router. */
    private static final String DEBEZIUM_ID = "id";

    private static final String TRACEPARENT = "traceparent";
    private static final Set<String> RESERVED = Set.of(
            "ce_specversion",
            "ce_id",
            "ce_type",
            "ce_source",
            "ce_subject",
            "ce_time",
            "ce_sequence",
            "content-type",
            TRACEPARENT);
    /** Of a batch with one record: 61 bytes of batch header, at most 21 of the record (Kafka message format v2). */
    private static final int RECORD_OVERHEAD_BYTES = 61 + 21;
    /** Two lengths as varints. */
    private static final int HEADER_OVERHEAD_BYTES = 10;

    private static final String JSON = "application/json";
    private static final int HEADERS_USUALLY = 10;

    // The same in every record.
    private static final Header SPEC_VERSION = header("ce_specversion", "1.0");
    private static final Header JSON_CONTENT = header("content-type", JSON);

    private final SourceConfig source;
    private final Header ceSource;
    private final Iso8601 iso8601 = new Iso8601();
    // Few, and the same again and again. One string for all events of a topic: its hash is computed once.
    private final Memo<String> topics;
    private final Memo<Header> eventTypes = new Memo<>(type -> header("ce_type", type));

    EventMapper(SourceConfig source) {
        this.source = source;
        this.ceSource = header("ce_source", "/" + source.name());
        this.topics = new Memo<>(source::topicOf);
    }

    OutboundEvent map(OutboxRow row) {
        byte[] key = utf8(row.aggregateId());
        List<Header> headers = source.headerStyle() == HeaderStyle.DEBEZIUM ? debezium(row) : cloudEvent(row, key);
        long bytes = RECORD_OVERHEAD_BYTES + key.length + row.payloadBytes();
        for (Header header : headers) {
            bytes += bytes(header);
        }
        String topic = row.topic() != null ? row.topic() : topics.of(row.aggregateType());
        return new OutboundEvent(row.seq(), topic, key, row.payload(), headers, bytes);
    }

    /** Upper bound of a header's size in a record. */
    static long bytes(Header header) {
        return HEADER_OVERHEAD_BYTES
                + Utils.utf8Length(header.key())
                + (header.value() == null ? 0 : header.value().length);
    }

    /** What the style sets itself, and nobody else may. */
    static Set<String> reserved(HeaderStyle style) {
        return style == HeaderStyle.DEBEZIUM ? Set.of(DEBEZIUM_ID) : RESERVED;
    }

    private static List<Header> debezium(OutboxRow row) {
        List<Header> headers = new ArrayList<>();
        add(headers, DEBEZIUM_ID, row.eventId());
        for (Map.Entry<String, Object> other : row.headers().entrySet()) {
            if (!other.getKey().equals(DEBEZIUM_ID)) {
                Object value = other.getValue();
                headers.add(new RecordHeader(other.getKey(), value == null ? null : utf8(text(value))));
            }
        }
        if (row.traceparent() != null && !row.headers().containsKey(TRACEPARENT)) {
            add(headers, TRACEPARENT, row.traceparent());
        }
        return headers;
    }

    private List<Header> cloudEvent(OutboxRow row, byte[] key) {
        List<Header> headers = new ArrayList<>(HEADERS_USUALLY);
        headers.add(SPEC_VERSION);
        add(headers, "ce_id", row.eventId());
        headers.add(eventTypes.of(row.eventType()));
        headers.add(ceSource);
        headers.add(new RecordHeader("ce_subject", key));
        add(
                headers,
                "ce_time",
                iso8601.format(row.createdAt().toEpochSecond(), row.createdAt().getNano()));
        add(headers, "ce_sequence", Long.toString(row.seq()));
        headers.add(row.contentType().equals(JSON) ? JSON_CONTENT : header("content-type", row.contentType()));
        if (row.traceparent() != null) {
            add(headers, TRACEPARENT, row.traceparent());
        }
        for (Map.Entry<String, Object> other : row.headers().entrySet()) {
            if (other.getValue() != null && !RESERVED.contains(other.getKey())) {
                add(headers, other.getKey(), text(other.getValue()));
            }
        }
        return headers;
    }

    private static String text(Object value) {
        return value instanceof String text ? text : Json.encode(value);
    }

    private static void add(List<Header> headers, String name, String value) {
        headers.add(header(name, value));
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, utf8(value));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
