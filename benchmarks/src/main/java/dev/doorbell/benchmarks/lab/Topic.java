package dev.doorbell.benchmarks.lab;

import dev.doorbell.benchmarks.measure.Audit;
import dev.doorbell.benchmarks.measure.BenchmarkException;
import dev.doorbell.benchmarks.measure.Waiting;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** One topic with six partitions whose records carry the time of their append, read only when a measurement is over. */
public final class Topic {
    public static final int PARTITIONS = 6;
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

    private final Lab lab;
    private final String name;

    private Topic(Lab lab, String name) {
        this.lab = lab;
        this.name = name;
    }

    public static Topic create(Lab lab, String name) {
        NewTopic topic =
                new NewTopic(name, PARTITIONS, (short) 1).configs(Map.of("message.timestamp.type", "LogAppendTime"));
        await(lab.admin().createTopics(List.of(topic)).all());
        return new Topic(lab, name);
    }

    public String name() {
        return name;
    }

    /** Frees the disk, and the name. */
    public void delete() {
        await(lab.admin().deleteTopics(List.of(name)).all());
        Waiting.until(
                "the topic " + name + " is gone",
                SILENCE_MAX,
                () -> !await(lab.admin().listTopics().names()).contains(name));
    }

    /** Each partition's end. */
    public Map<TopicPartition, Long> ends() {
        Map<TopicPartition, OffsetSpec> latest =
                partitions().stream().collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        return await(lab.admin().listOffsets(latest).all()).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    /** Records in the topic, all that were ever appended. */
    public long size() {
        return ends().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Gives the audit all records from the offsets on, to the end that the topic has now. */
    public Audit audit(Audit audit, Map<TopicPartition, Long> from) {
        forEach(from, message -> audit.add(message.key(), message.value(), message.timestamp()));
        return audit;
    }

    /** All records from the offsets on, to the end that the topic has now; in the order of offsets per partition. */
    public void forEach(Map<TopicPartition, Long> from, Consumer<ConsumerRecord<String, byte[]>> reader) {
        Map<TopicPartition, Long> ends = ends();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        lab.kafka().bootstrapServers(),
                        "max.poll.records",
                        10_000,
                        "fetch.min.bytes",
                        65_536),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(from.keySet());
            from.forEach(consumer::seek);
            long deadline = System.nanoTime() + SILENCE_MAX.toNanos();
            while (from.keySet().stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<String, byte[]> message : consumer.poll(POLL)) {
                    reader.accept(message);
                    deadline = System.nanoTime() + SILENCE_MAX.toNanos();
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new BenchmarkException("the topic " + name + " cannot be read to its end");
                }
            }
        }
    }

    private Collection<TopicPartition> partitions() {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(name, partition))
                .toList();
    }

    private static <T> T await(org.apache.kafka.common.KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new BenchmarkException("kafka", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted while waiting for kafka");
        }
    }
}
