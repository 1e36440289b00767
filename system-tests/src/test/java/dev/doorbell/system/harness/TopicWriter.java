package dev.doorbell.system.harness;

import dev.doorbell.outbox.UuidV7;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes to topics past the relay: repeats, and events that no service of ours would send. */
public final class TopicWriter {
    private final String bootstrapServers;

    public TopicWriter(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** Appends the records again, byte for byte, each to the partition that it is from. */
    public void repeat(List<ConsumerRecord<byte[], byte[]>> records) {
        write(records.stream()
                .map(record -> new ProducerRecord<>(
                        record.topic(), record.partition(), record.key(), record.value(), record.headers()))
                .toList());
    }

    /** An event as the relay would publish it, with a fresh id, which it returns. */
    public UUID event(String topic, String key, String type, String payload) {
        UUID id = UuidV7.create();
        Headers headers = new RecordHeaders();
        Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        id.toString(),
                        "ce_type",
                        type,
                        "ce_source",
                        "/system-tests",
                        "ce_subject",
                        key,
                        "ce_time",
                        Instant.now().toString(),
                        "content-type",
                        "application/json")
                .forEach((name, value) -> headers.add(name, bytes(value)));
        write(List.of(new ProducerRecord<>(topic, null, bytes(key), bytes(payload), headers)));
        return id;
    }

    /** Bytes without any header: no event at all. */
    public void bytes(String topic, String key, byte[] value) {
        write(List.of(new ProducerRecord<>(topic, bytes(key), value)));
    }

    private void write(List<ProducerRecord<byte[], byte[]>> records) {
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrapServers);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            records.stream().map(producer::send).toList().forEach(sent -> {
                try {
                    sent.get();
                } catch (java.util.concurrent.ExecutionException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
