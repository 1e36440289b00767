package dev.doorbell.outbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic, written to and looked at from outside of the code under test. */
final class TestTopic implements AutoCloseable {
    private final String name;
    private final Admin admin = Admin.create(Map.of("bootstrap.servers", TestStack.bootstrapServers()));
    /** One request in flight: of several, a broker that does not know the producer may refuse the first (KAFKA-15591). */
    private final KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
            Map.of(
                    "bootstrap.servers",
                    TestStack.bootstrapServers(),
                    "linger.ms",
                    "0",
                    "max.in.flight.requests.per.connection",
                    "1"),
            new ByteArraySerializer(),
            new ByteArraySerializer());

    TestTopic(String name) {
        this.name = name;
    }

    void create(int partitions) {
        create(partitions, Map.of());
    }

    void create(int partitions, Map<String, String> configs) {
        get(admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(configs)))
                .all()
                .toCompletionStage()
                .toCompletableFuture());
    }

    void change(String config, String value) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(config, value), AlterConfigOp.OpType.SET);
        get(admin.incrementalAlterConfigs(Map.of(resource, List.of(set)))
                .all()
                .toCompletionStage()
                .toCompletableFuture());
    }

    void send(TestEvent... events) {
        List<Future<?>> sent = new ArrayList<>();
        for (TestEvent event : events) {
            sent.add(producer.send(event.record(name)));
        }
        sent.forEach(TestTopic::get);
    }

    @SafeVarargs
    final void send(ProducerRecord<byte[], byte[]>... records) {
        for (ProducerRecord<byte[], byte[]> record : records) {
            get(producer.send(record));
        }
    }

    /** Past the hash of the key. */
    void sendTo(int partition, TestEvent... events) {
        List<Future<?>> sent = new ArrayList<>();
        for (TestEvent event : events) {
            ProducerRecord<byte[], byte[]> record = event.record(name);
            sent.add(producer.send(
                    new ProducerRecord<>(name, partition, record.key(), record.value(), record.headers())));
        }
        sent.forEach(TestTopic::get);
    }

    /** What the group has committed of one partition; 0 when nothing. */
    long committed(String group, int partition) {
        OffsetAndMetadata offset = get(admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .toCompletionStage()
                        .toCompletableFuture())
                .get(new TopicPartition(name, partition));
        return offset == null ? 0 : offset.offset();
    }

    /** Who is in the group: the member's id, its client.id and its partitions of this topic. */
    record Member(String id, String client, Set<Integer> partitions) {}

    /** Empty while the group is not there, or not in balance. */
    List<Member> members(String group) {
        ConsumerGroupDescription description;
        try {
            description =
                    admin.describeConsumerGroups(List.of(group)).all().get().get(group);
        } catch (ExecutionException nobodyHasJoinedYet) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return description.groupState() != GroupState.STABLE
                ? List.of()
                : description.members().stream()
                        .map(member -> new Member(
                                member.consumerId(),
                                member.clientId(),
                                member.assignment().topicPartitions().stream()
                                        .map(TopicPartition::partition)
                                        .collect(Collectors.toSet())))
                        .toList();
    }

    /** The sum over the partitions; 0 when the group has committed nothing. */
    long committed(String group) {
        return get(admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .toCompletionStage()
                        .toCompletableFuture())
                .values()
                .stream()
                .mapToLong(OffsetAndMetadata::offset)
                .sum();
    }

    void forgetOffsets(String group) {
        get(admin.deleteConsumerGroups(List.of(group)).all().toCompletionStage().toCompletableFuture());
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        admin.close(Duration.ofSeconds(5));
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
