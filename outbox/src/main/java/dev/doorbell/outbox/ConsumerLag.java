package dev.doorbell.outbox;

import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a whole consumer group, on all its instances, is behind the ends of its topics. Fails while the broker does
 * not answer, which a poll would not tell: it just returns nothing. From any thread; works until the consumer is stopped.
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

    /**
     * The first and the next offset of a partition's log.
     *
     * @param begin of the oldest record that retention has left
     * @param end of the record that will be written next
     */
    public record LogRange(long begin, long end) {}

    /**
     * The ends of the topics at a moment, to be compared later by {@link #reached}.
     *
     * @param logs by partition
     */
    public record Ends(Map<TopicPartition, LogRange> logs) {}

    /**
     * Where the topics end now. Topics that do not exist yet have no end and nobody lags behind them.
     *
     * @return fails when the broker does not answer
     */
    public Future<Ends> ends() {
        return kafka.existing(topics)
                .compose(existing -> existing.isEmpty()
                        ? Future.succeededFuture(Map.<TopicPartition, LogRange>of())
                        : kafka.logs(existing))
                .map(Ends::new);
    }

    /**
     * Whether the group has processed everything before {@code ends}.
     *
     * @return fails when the broker does not answer
     */
    public Future<Boolean> reached(Ends ends) {
        return behind(ends).map(records -> records == 0);
    }

    /**
     * How many records lie between what the group has committed and {@code ends}.
     *
     * @return fails when the broker does not answer
     */
    public Future<Long> behind(Ends ends) {
        return kafka.committed(group)
                .map(committed -> ends.logs().entrySet().stream()
                        .mapToLong(log -> behind(log.getValue(), committed.get(log.getKey())))
                        .sum());
    }

    /** What retention has removed before the group got to it is not waited for. */
    private static long behind(LogRange log, OffsetAndMetadata committed) {
        long from = committed == null ? log.begin() : Math.max(committed.offset(), log.begin());
        return Math.max(0, log.end() - from);
    }
}
