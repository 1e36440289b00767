package dev.doorbell.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * The partitions that know one producer. A broker takes any request of an idempotent producer that it does not know, so
 * the second can be accepted while the first is refused, and its retry then too (KAFKA-15591). Therefore the first record
 * goes alone until it is acknowledged.
 *
 * <p>A broker forgets a producer that sends nothing for {@code producer.id.expiration.ms} (a day, unless it was lowered),
 * so the proof is given anew after a pause. Used by one thread.
 */
final class ProvenPartitions {
    /** Past it all are proven again. */
    private static final int PARTITIONS_MAX = 100_000;

    private final long validNs;
    private final Map<TopicPartition, Long> sentAtNs = new HashMap<>();

    /** @param valid how long after its last record a partition counts as proven; below the broker's expiration */
    ProvenPartitions(Duration valid) {
        this.validNs = valid.toNanos();
    }

    /**
     * @param alone of each partition that is not proven the first record
     * @param rest may go when those are acknowledged
     */
    record Split(List<OutgoingRecord> alone, List<OutgoingRecord> rest) {}

    /** Keeps the order. What it returns counts as sent: a producer that fails to is of no use any more. */
    Split split(List<OutgoingRecord> batch) {
        if (sentAtNs.size() > PARTITIONS_MAX) {
            sentAtNs.clear();
        }
        long nowNs = System.nanoTime();
        Set<TopicPartition> unproven = new HashSet<>();
        List<OutgoingRecord> alone = new ArrayList<>();
        List<OutgoingRecord> rest = new ArrayList<>(batch.size());
        for (OutgoingRecord record : batch) {
            Long lastNs = sentAtNs.put(record.partition(), nowNs);
            if ((lastNs == null || nowNs - lastNs > validNs) && unproven.add(record.partition())) {
                alone.add(record);
            } else {
                rest.add(record);
            }
        }
        return new Split(alone, rest);
    }
}
