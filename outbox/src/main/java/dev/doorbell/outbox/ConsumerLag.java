package dev.doorbell.outbox;

import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a whole consumer group, on all its instances, is behind the ends of its topics. Fails while the broker does
 * not answer, which a poll would not tell: it just returns nothing.
 */
public final class ConsumerLag {
    private final KafkaTopics kafka;
    private final Set<String> topics;
    private final String group;

    ConsumerLag(KafkaTopics kafka, Set<String> topics, String group) {
        this.kafka = kafka;
        this.topics = topics;
        this.group = group;
    }

    /** The ends of the topics at a moment, to be compared later by {@link #reached}. */
    public record Ends(Map<TopicPartition, Long> offsets) {}

    /** Topics that do not exist yet have no end and nobody lags behind them. */
    public Future<Ends> ends() {
        return kafka.existing(topics)
                .compose(existing -> existing.isEmpty()
                        ? Future.succeededFuture(Map.<TopicPartition, Long>of())
                        : kafka.ends(existing))
                .map(Ends::new);
    }

    /** Whether the group has processed everything before {@code ends}. */
    public Future<Boolean> reached(Ends ends) {
        return behind(ends).map(records -> records == 0);
    }

    /** How many records lie between what the group has committed and {@code ends}. */
    public Future<Long> behind(Ends ends) {
        return kafka.committed(group)
                .map(committed -> ends.offsets().entrySet().stream()
                        .mapToLong(end -> Math.max(0, end.getValue() - offset(committed.get(end.getKey()))))
                        .sum());
    }

    private static long offset(OffsetAndMetadata committed) {
        return committed == null ? 0 : committed.offset();
    }
}
