package dev.doorbell.relay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.utils.Utils;

/**
 * Finds the partition of every record of a batch and creates missing topics, for one producer's life. Blocks, for a
 * bounded time; used by one thread.
 */
final class RecordAddressing {
    /** Topics known to exist; past it all are asked for again. */
    private static final int TOPICS_MAX = 10_000;

    private final KafkaTopics topics;
    private final Set<String> knownTopics = new HashSet<>();

    RecordAddressing(KafkaTopics topics) {
        this.topics = topics;
    }

    /**
     * Chooses as Kafka's default partitioner does for a key; here, because {@link ProvenPartitions} has to know the
     * partition before the record is sent.
     *
     * @param onRefused told of the event whose topic Kafka cannot have, before the exception is thrown
     */
    List<OutgoingRecord> address(
            Producer<byte[], byte[]> producer,
            List<OutboundEvent> batch,
            BiConsumer<OutboundEvent, Exception> onRefused) {
        Map<String, Integer> partitionsByTopic = new HashMap<>();
        List<OutgoingRecord> outgoing = new ArrayList<>(batch.size());
        for (OutboundEvent event : batch) {
            Integer partitions = partitionsByTopic.get(event.topic());
            if (partitions == null) {
                try {
                    partitions = partitions(producer, event.topic());
                } catch (InvalidTopicException e) {
                    onRefused.accept(event, e);
                    throw e;
                }
                partitionsByTopic.put(event.topic(), partitions);
            }
            int partition = Utils.toPositive(Utils.murmur2(event.key())) % partitions;
            outgoing.add(new OutgoingRecord(
                    event,
                    new ProducerRecord<>(event.topic(), partition, null, event.key(), event.value(), event.headers())));
        }
        return outgoing;
    }

    /** Creates the topic when it is missing (an unknown one blocks send) and waits for its metadata. */
    private int partitions(Producer<byte[], byte[]> producer, String topic) {
        if (!knownTopics.contains(topic)) {
            topics.require(topic);
            if (knownTopics.size() >= TOPICS_MAX) {
                knownTopics.clear();
            }
            knownTopics.add(topic);
        }
        return producer.partitionsFor(topic).size();
    }
}
