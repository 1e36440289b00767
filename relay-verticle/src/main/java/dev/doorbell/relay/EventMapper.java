package dev.doorbell.relay;

import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.utils.Utils;

/**
 * Makes a Kafka record of a row, as CloudEvents 1.0 in binary content mode (Kafka protocol binding 1.0, section 3.2).
 * The record's timestamp is left to the producer: the broker's retention goes by it, and an event that waited in the
 * outbox for a week would be removed as soon as it arrived.
 */
final class EventMapper {
    private static final Set<String> RESERVED = Set.of(
            "ce_specversion",
            "ce_id",
            "ce_type",
            "ce_source",
            "ce_subject",
            "ce_time",
            "ce_sequence",
            "content-type",
            "traceparent");
    /** Of a batch with one record: 61 bytes of batch header, at most 21 of the record (Kafka message format v2). */
    private static final int RECORD_OVERHEAD_BYTES = 61 + 21;
    /** Two lengths as varints. */
    private static final int HEADER_OVERHEAD_BYTES = 10;

    private final SourceConfig source;

    EventMapper(SourceConfig source) {
        this.source = source;
    }

    OutboundEvent map(OutboxRow row) {
        byte[] key = utf8(row.aggregateId());
        List<Header> headers = headers(row);
        long bytes = RECORD_OVERHEAD_BYTES + key.length + row.payloadBytes();
        for (Header header : headers) {
            bytes += bytes(header);
        }
        return new OutboundEvent(row.seq(), source.topic(row), key, row.payload(), headers, bytes);
    }

    /** Upper bound of a header's size in a record. */
    static long bytes(Header header) {
        return HEADER_OVERHEAD_BYTES + Utils.utf8Length(header.key()) + header.value().length;
    }

    private List<Header> headers(OutboxRow row) {
        List<Header> headers = new ArrayList<>();
        add(headers, "ce_specversion", "1.0");
        add(headers, "ce_id", row.eventId().toString());
        add(headers, "ce_type", row.eventType());
        add(headers, "ce_source", "/" + source.name());
        add(headers, "ce_subject", row.aggregateId());
        add(headers, "ce_time", row.createdAt().toInstant().toString());
        add(headers, "ce_sequence", Long.toString(row.seq()));
        add(headers, "content-type", row.contentType());
        if (row.traceparent() != null) {
            add(headers, "traceparent", row.traceparent());
        }
        if (row.headers() != null) {
            for (String name : row.headers().fieldNames()) {
                Object value = row.headers().getValue(name);
                if (value != null && !RESERVED.contains(name)) {
                    add(headers, name, value instanceof String text ? text : Json.encode(value));
                }
            }
        }
        return headers;
    }

    private static void add(List<Header> headers, String name, String value) {
        headers.add(new RecordHeader(name, utf8(value)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
