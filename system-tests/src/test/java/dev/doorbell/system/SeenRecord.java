package dev.doorbell.system;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * What a consumer sees of a record. Bytes as ISO 8859-1, so that every byte counts and a failure can be read; null stays
 * null, which is another thing than no bytes.
 *
 * @param headers what {@code lastHeader} finds, by name
 */
record SeenRecord(int partition, String key, String value, Map<String, String> headers) {
    /** Debezium's own, about the connector: no column of the outbox is in them. */
    private static final String CONNECTOR_CONTEXT = "__debezium.";

    static SeenRecord of(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new TreeMap<>();
        Arrays.stream(record.headers().toArray())
                .map(Header::key)
                .filter(name -> !name.startsWith(CONNECTOR_CONTEXT))
                .forEach(name ->
                        headers.put(name, text(record.headers().lastHeader(name).value())));
        return new SeenRecord(record.partition(), text(record.key()), text(record.value()), headers);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
