package dev.doorbell.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;

/** Reads a topic from its beginning. */
final class TestTopic implements AutoCloseable {
    private final String topic;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final Set<TopicPartition> partitions = new HashSet<>();

    TestTopic(TestSource source) {
        this(source.topic);
    }

    TestTopic(String topic) {
        this.topic = topic;
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", TestStack.kafka().bootstrapServers(),
                        "auto.offset.reset", "earliest",
                        "enable.auto.commit", "false",
                        "allow.auto.create.topics", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Everything there is, after waiting for every one of these payloads. */
    List<ConsumerRecord<byte[], byte[]>> awaitAll(Set<String> payloads) {
        Object named = payloads.size() <= 3 ? payloads : payloads.size() + " payloads";
        await("a topic with " + named)
                .atMost(TestRelay.PATIENCE)
                .pollDelay(Duration.ZERO)
                .until(() -> {
                    poll();
                    return payloads().containsAll(payloads);
                });
        return records;
    }

    List<ConsumerRecord<byte[], byte[]>> awaitPayloads(String... payloads) {
        return awaitAll(Set.of(payloads));
    }

    Set<String> payloads() {
        return records.stream().map(TestTopic::payload).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Payloads of what the topic holds now. */
    Set<String> payloadsNow() {
        readToEnd();
        return payloads();
    }

    List<ConsumerRecord<byte[], byte[]>> recordsNow() {
        readToEnd();
        return records;
    }

    /** What the topic holds now, in the order in which it was read: of each payload what stands before its first blank. */
    List<String> labelsNow() {
        readToEnd();
        return labels(records);
    }

    static List<String> labels(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(record -> payload(record).split(" ", 2)[0]).toList();
    }

    private void readToEnd() {
        poll();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        await().atMost(TestRelay.PATIENCE).pollDelay(Duration.ZERO).until(() -> {
            poll();
            return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
        });
    }

    private void poll() {
        if (partitions.isEmpty()) {
            consumer.partitionsFor(topic, Duration.ofSeconds(5))
                    .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }
        if (!partitions.isEmpty()) {
            consumer.poll(Duration.ofMillis(100)).forEach(records::add);
        }
    }

    int partitionCount() {
        poll();
        return partitions.size();
    }

    /** A key that goes to another partition than this one. */
    static String keyOfOtherPartition(String key, int partitions) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "other-" + i)
                .filter(other -> partitionOf(other, partitions) != partitionOf(key, partitions))
                .findFirst()
                .orElseThrow();
    }

    private static int partitionOf(String key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    static String payload(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }

    static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    /** The promise: per aggregate the first occurrences are in the order of seq; repeats are allowed. */
    static void assertFirstOccurrencesInOrder(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, Long> highest = new HashMap<>();
        Set<Long> seen = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            long seq = Long.parseLong(header(record, "ce_sequence"));
            String key = new String(record.key(), StandardCharsets.UTF_8);
            if (seen.add(seq)) {
                assertThat(seq).as("first occurrence of key %s", key).isGreaterThan(highest.getOrDefault(key, 0L));
                highest.put(key, seq);
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
