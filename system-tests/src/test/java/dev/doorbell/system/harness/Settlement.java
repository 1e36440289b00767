package dev.doorbell.system.harness;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Whether the system has come to rest: every event published, every record consumed. */
public final class Settlement {
    private static final String ALL_PUBLISHED = """
            SELECT (SELECT coalesce(max(seq), 0) FROM outbox) <= published_through
            FROM outbox_cursor WHERE outbox = 'outbox'
            """;

    private final Admin admin;

    Settlement(Admin admin) {
        this.admin = admin;
    }

    /** True when the relay has published all that the database's outbox holds. */
    public boolean published(Database database) {
        return database.text(ALL_PUBLISHED).equals("t");
    }

    /** True when the group has committed what the topic held at the call; also for a topic that is not there. */
    public boolean consumed(String group, String topic) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        return ends(topic).entrySet().stream().allMatch(end -> {
            OffsetAndMetadata offset = committed.get(end.getKey());
            return (offset == null ? 0 : offset.offset()) >= end.getValue();
        });
    }

    /**
     * True when, at one moment within the call, all outboxes were published and all groups had consumed their topics.
     * The ends of the topics are compared before and after, because an event that is consumed may append another.
     */
    public boolean atRest(Map<String, String> topicOfGroup, List<Database> outboxes) {
        Map<TopicPartition, Long> before = ends(topicOfGroup.values());
        return topicOfGroup.entrySet().stream().allMatch(entry -> consumed(entry.getKey(), entry.getValue()))
                && outboxes.stream().allMatch(this::published)
                && ends(topicOfGroup.values()).equals(before);
    }

    public Set<String> topics() {
        return get(admin.listTopics().names());
    }

    private Map<TopicPartition, Long> ends(Iterable<String> topics) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        topics.forEach(topic -> ends.putAll(ends(topic)));
        return ends;
    }

    private Map<TopicPartition, Long> ends(String topic) {
        if (!topics().contains(topic)) {
            return Map.of();
        }
        Map<TopicPartition, OffsetSpec> latest =
                get(admin.describeTopics(List.of(topic)).topicNameValues().get(topic)).partitions().stream()
                        .collect(Collectors.toMap(
                                info -> new TopicPartition(topic, info.partition()), info -> OffsetSpec.latest()));
        return get(admin.listOffsets(latest).all()).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    private static <T> T get(org.apache.kafka.common.KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
