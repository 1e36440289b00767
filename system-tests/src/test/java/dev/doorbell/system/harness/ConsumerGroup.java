package dev.doorbell.system.harness;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** A consumer group as the broker sees it. */
public final class ConsumerGroup implements AutoCloseable {
    private final Admin admin;
    private final String name;

    public ConsumerGroup(String bootstrapServers, String name) {
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        this.name = name;
    }

    /** How many partitions each member has; empty while the group is not in balance. */
    public List<Integer> partitionsPerMember() {
        ConsumerGroupDescription description =
                get(admin.describeConsumerGroups(List.of(name)).all()).get(name);
        return description.groupState() != GroupState.STABLE
                ? List.of()
                : description.members().stream()
                        .map(member -> member.assignment().topicPartitions().size())
                        .sorted()
                        .toList();
    }

    /** What it has committed, in the order of topics and partitions. */
    public List<Long> committedOffsets() {
        return get(admin.listConsumerGroupOffsets(name).partitionsToOffsetAndMetadata()).entrySet().stream()
                .sorted(Map.Entry.comparingByKey(
                        Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition)))
                .map(Map.Entry::getValue)
                .map(OffsetAndMetadata::offset)
                .toList();
    }

    @Override
    public void close() {
        admin.close();
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
