package dev.doorbell.outbox;

import io.vertx.core.Future;
import io.vertx.kafka.client.common.TopicPartition;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.consumer.KafkaConsumerRecords;
import io.vertx.kafka.client.consumer.OffsetAndMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that this member of the group works on: a worker for each, the offsets that may be committed, and which
 * of them are paused because too much waits. Runs on the consumer's event loop.
 */
final class AssignedPartitions {
    private static final Logger log = LoggerFactory.getLogger(AssignedPartitions.class);

    private final Function<PartitionWorker.Owner, PartitionWorker> newWorker;
    private final Map<TopicPartition, PartitionWorker> workers = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> toCommit = new HashMap<>();
    private final Set<TopicPartition> paused = new HashSet<>();

    AssignedPartitions(Function<PartitionWorker.Owner, PartitionWorker> newWorker) {
        this.newWorker = newWorker;
    }

    /** Hands the records to their workers. */
    Future<Void> dispatch(KafkaConsumer<byte[], byte[]> consumer, KafkaConsumerRecords<byte[], byte[]> polled) {
        polled.records().partitions().forEach(partition -> {
            TopicPartition key = new TopicPartition(partition.topic(), partition.partition());
            workers.computeIfAbsent(key, this::worker).add(polled.records().records(partition));
        });
        Set<TopicPartition> full = new HashSet<>();
        workers.forEach((partition, worker) -> {
            if (worker.isFull() && !paused.contains(partition)) {
                full.add(partition);
            }
        });
        if (full.isEmpty()) {
            return Future.succeededFuture();
        }
        // Partitions are paused, not the stream: a stream that does not poll is thrown out of its group.
        return consumer.pause(full).onSuccess(done -> paused.addAll(full));
    }

    private PartitionWorker worker(TopicPartition partition) {
        return newWorker.apply((worker, offset) -> {
            // The worker of a partition that was taken away may still finish: its successor counts.
            if (workers.get(partition) == worker) {
                toCommit.put(partition, new OffsetAndMetadata(offset, ""));
            }
        });
    }

    /** They have been taken away: another member may be at work on them already. */
    void revoked(Set<TopicPartition> partitions) {
        partitions.forEach(partition -> {
            PartitionWorker worker = workers.remove(partition);
            if (worker != null) {
                worker.stop();
            }
            toCommit.remove(partition);
            paused.remove(partition);
        });
    }

    /** Completes when the transactions in work have ended; what waits is dropped. */
    Future<Void> stop() {
        List<Future<Void>> inWork = new ArrayList<>();
        workers.values().forEach(worker -> inWork.add(worker.stop()));
        return Future.join(inWork).mapEmpty();
    }

    /** The longest that one of them has not got on; zero while all do. */
    Duration retryingFor() {
        Duration longest = Duration.ZERO;
        for (PartitionWorker worker : workers.values()) {
            Duration retrying = worker.retryingFor();
            longest = retrying.compareTo(longest) > 0 ? retrying : longest;
        }
        return longest;
    }

    /** Explicit offsets only: a bare commit would cover what was polled and is still in work. */
    Future<Void> commit(KafkaConsumer<byte[], byte[]> consumer) {
        if (toCommit.isEmpty()) {
            return Future.succeededFuture();
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(toCommit);
        Map<TopicPartition, PartitionWorker> owners = new HashMap<>(workers);
        toCommit.clear();
        return consumer.commit(offsets).<Void>mapEmpty().otherwise(error -> {
            // The inbox makes a repeat harmless. What is still ours is tried again with the next round. A partition
            // that was lost and came back has a new worker: another member may have committed more in between.
            log.info("Offsets were not committed, their records may come again: {}", error.getMessage());
            offsets.forEach((partition, offset) -> {
                if (workers.containsKey(partition) && workers.get(partition) == owners.get(partition)) {
                    toCommit.putIfAbsent(partition, offset);
                }
            });
            return null;
        });
    }

    /** Lets those go on of which little waits. */
    Future<Void> resumeDrained(KafkaConsumer<byte[], byte[]> consumer) {
        Set<TopicPartition> drained = new HashSet<>();
        paused.forEach(partition -> {
            if (workers.containsKey(partition) && workers.get(partition).isLow()) {
                drained.add(partition);
            }
        });
        return drained.isEmpty()
                ? Future.succeededFuture()
                : consumer.resume(drained).onSuccess(done -> paused.removeAll(drained));
    }
}
