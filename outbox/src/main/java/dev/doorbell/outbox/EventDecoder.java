package dev.doorbell.outbox;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Reads an {@link Event} out of a Kafka record by the CloudEvents Kafka protocol binding 1.0, binary content mode.
 * Records come as bytes: a deserialiser that threw inside {@code poll()} would loop there for ever.
 */
final class EventDecoder {
    private static final String PREFIX = "ce_";

    private EventDecoder() {}

    /** A tombstone of a compacted topic: no value and nothing that says it is an event. */
    static boolean isTombstone(ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null && record.headers().lastHeader("ce_type") == null;
    }

    /** @throws UndecodableRecordException when a required header is missing or wrong */
    static Event decode(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : record.headers()) {
            if (header.value() != null) {
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        String key = record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
        UUID id = id(required(headers, "ce_id"));
        String type = required(headers, "ce_type");
        String source = required(headers, "ce_source");
        // Another major version may give the same names another meaning.
        if (!required(headers, PREFIX + "specversion").startsWith("1.")) {
            throw new UndecodableRecordException("The header ce_specversion is not 1.x.");
        }
        String subject = headers.remove("ce_subject");
        if (subject == null && key == null) {
            throw new UndecodableRecordException("The record has neither a key nor the header ce_subject.");
        }
        if (record.value() == null) {
            throw new UndecodableRecordException("The record has no value.");
        }
        Instant time = time(headers.remove("ce_time"), id);
        long sequence = sequence(headers.remove("ce_sequence"));
        String dataSchema = headers.remove("ce_dataschema");
        String contentType = headers.remove("content-type");
        String traceparent = Traceparent.orNull(headers.remove(Traceparent.HEADER));
        boolean replayed = "true".equals(headers.remove("ce_replayed"));
        return new Event(
                id,
                type,
                source,
                subject == null ? key : subject,
                time,
                sequence,
                dataSchema,
                contentType,
                traceparent,
                replayed,
                Buffer.buffer(record.value()),
                Map.copyOf(headers),
                record.topic(),
                record.partition(),
                record.offset());
    }

    private static String required(Map<String, String> headers, String name) {
        String value = headers.remove(name);
        if (value == null || value.isEmpty()) {
            throw new UndecodableRecordException("The header " + name + " is missing.");
        }
        // PostgreSQL's text cannot hold it, and no name of ours has it.
        if (value.indexOf('\0') >= 0) {
            throw new UndecodableRecordException("The header " + name + " has a NUL character.");
        }
        return value;
    }

    /** The inbox is pruned by the time in the id, so an id without one could never be deduplicated safely. */
    private static UUID id(String text) {
        try {
            UUID id = UUID.fromString(text);
            if (UuidV7.isV7(id)) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            // Answered below, without the text.
        }
        throw new UndecodableRecordException("The header ce_id is not a UUID of version 7.");
    }

    private static Instant time(String text, UUID id) {
        if (text == null) {
            return UuidV7.timeOf(id);
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new UndecodableRecordException("The header ce_time is not a time of RFC 3339.");
        }
    }

    private static long sequence(String text) {
        if (text == null) {
            return -1;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new UndecodableRecordException("The header ce_sequence is not a whole number.");
        }
    }
}
