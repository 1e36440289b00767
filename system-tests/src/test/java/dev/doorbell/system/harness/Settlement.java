package dev.doorbell.system.harness;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** Whether the system has come to rest: nothing open, every event published, every record consumed. */
public final class Settlement {
    /** For one question to Kafka. */
    private static final long ANSWER_S_MAX = 30;

    /** The cursor may be ahead of a row that was committed late; such a row lies in one of its gaps. */
    private static final String UNPUBLISHED = """
            SELECT count(*)
            FROM outbox
            WHERE seq > (SELECT published_through FROM outbox_cursor WHERE outbox = 'outbox')
               OR EXISTS (SELECT 1
                          FROM outbox_cursor CROSS JOIN unnest(gap_starts, gap_ends) AS gap (first, last)
                          WHERE outbox = 'outbox' AND seq BETWEEN gap.first AND gap.last)
            """;

    /** Who has written already and may still commit, prepared transactions included. */
    private static final String WRITERS = """
            SELECT (SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND backend_xid IS NOT NULL)
                 + (SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database())
            """;

    private static final Comparator<TopicPartition> PARTITIONS =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private final Admin admin;

    public Settlement(Admin admin) {
        this.admin = admin;
    }

    /** True when the relay has published all that the database's outbox holds. */
    public boolean published(Database database) {
        return unpublished(database) == 0;
    }

    private static long unpublished(Database database) {
        return database.number(UNPUBLISHED);
    }

    /** True when the group has committed what the topic held at the call; also for a topic that is not there. */
    public boolean consumed(String group, String topic) {
        return behind(group, ends(List.of(topic))).isEmpty();
    }

    /**
     * True when, at one moment within the call, all outboxes were published and all groups had consumed their topics.
     *
     * @see #unrest
     */
    public boolean atRest(Map<String, Set<String>> topicsOfGroup, List<Database> outboxes) {
        return unrest(topicsOfGroup, outboxes).isEmpty();
    }

    /**
     * What is not at rest, for a person; empty when, at one moment within the call, everything was. The ends of the
     * topics are compared before and after, because an event that is consumed may append another.
     */
    public List<String> unrest(Map<String, Set<String>> topicsOfGroup, List<Database> outboxes) {
        List<String> unrest = new ArrayList<>();
        Set<String> consumed =
                topicsOfGroup.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        Map<TopicPartition, Long> before = ends(consumed);
        topicsOfGroup.forEach((group, topics) -> behind(group, of(topics, before))
                .forEach((partition, lag) -> unrest.add(group + " is " + lag + " records behind in " + partition)));
        for (Database database : outboxes) {
            say(unrest, database.number(WRITERS), "open transactions that have written", database);
            say(unrest, unpublished(database), "events that are not published", database);
        }
        Map<TopicPartition, Long> after = ends(consumed);
        after.forEach((partition, end) -> {
            if (!Objects.equals(before.get(partition), end)) {
                unrest.add(partition + " still grows");
            }
        });
        return unrest;
    }

    private static void say(List<String> unrest, long count, String what, Database database) {
        if (count > 0) {
            unrest.add(count + " " + what + " in " + database.name());
        }
    }

    public Set<String> topics() {
        return get(admin.listTopics().names());
    }

    /** Lag by partition, of those that have some. */
    private Map<TopicPartition, Long> behind(String group, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        Map<TopicPartition, Long> behind = new TreeMap<>(PARTITIONS);
        ends.forEach((partition, end) -> {
            OffsetAndMetadata offset = committed.get(partition);
            long lag = end - (offset == null ? 0 : offset.offset());
            if (lag > 0) {
                behind.put(partition, lag);
            }
        });
        return behind;
    }

    private static Map<TopicPartition, Long> of(Set<String> topics, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .filter(end -> topics.contains(end.getKey().topic()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private Map<TopicPartition, Long> ends(Collection<String> wanted) {
        Set<String> there = topics();
        Set<String> topics = wanted.stream().filter(there::contains).collect(Collectors.toSet());
        Map<TopicPartition, OffsetSpec> latest = get(
                        admin.describeTopics(topics).allTopicNames())
                .values()
                .stream()
                .flatMap(Settlement::partitions)
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new TreeMap<>(PARTITIONS);
        get(admin.listOffsets(latest).all()).forEach((partition, info) -> ends.put(partition, info.offset()));
        return ends;
    }

    private static Stream<TopicPartition> partitions(TopicDescription topic) {
        return topic.partitions().stream().map(info -> new TopicPartition(topic.name(), info.partition()));
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(ANSWER_S_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
