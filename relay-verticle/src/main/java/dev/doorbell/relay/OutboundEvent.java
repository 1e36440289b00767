package dev.doorbell.relay;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.header.Header;

/**
 * A row as the Kafka record it becomes.
 *
 * @param key the aggregate's id as UTF-8; the partition is chosen by it
 * @param value null when the row is too large to be read
 * @param bytes upper bound of the record's size in a request
 */
record OutboundEvent(long seq, String topic, byte[] key, byte[] value, List<Header> headers, long bytes) {
    /** What is parked together: a key of a topic. */
    ParkedKey parkedKey() {
        return new ParkedKey(topic, ByteBuffer.wrap(key));
    }

    /** @param key compared by content */
    record ParkedKey(String topic, ByteBuffer key) {}
}
