package dev.doorbell.outbox;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;

/** An event as the relay would publish it. */
record TestEvent(UUID id, String type, String key, String payload) {
    static final String TYPE = "Happened";

    static TestEvent of(String key, String payload) {
        return new TestEvent(UuidV7.create(), TYPE, key, payload);
    }

    TestEvent withType(String other) {
        return new TestEvent(id, other, key, payload);
    }

    TestEvent withId(UUID other) {
        return new TestEvent(other, type, key, payload);
    }

    ProducerRecord<byte[], byte[]> record(String topic) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, bytes(key), bytes(payload));
        record.headers()
                .add("ce_specversion", bytes("1.0"))
                .add("ce_id", bytes(id.toString()))
                .add("ce_type", bytes(type))
                .add("ce_source", bytes("/test"))
                .add("ce_subject", bytes(key))
                .add("content-type", bytes("text/plain"));
        return record;
    }

    /** As a consumer receives it; the same timestamp however often it is read. */
    ConsumerRecord<byte[], byte[]> consumed(String topic, int partition, long offset) {
        ProducerRecord<byte[], byte[]> sent = record(topic);
        return new ConsumerRecord<>(
                topic,
                partition,
                offset,
                UuidV7.timeOf(id).toEpochMilli(),
                TimestampType.CREATE_TIME,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                sent.key(),
                sent.value(),
                sent.headers(),
                Optional.empty());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
