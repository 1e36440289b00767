package dev.doorbell.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
    private static final int TOPICS_MAX = 10_000;

    private static final long NEVER = Long.MIN_VALUE;

    private final long validNs;
    /** By topic and partition. */
    private final Map<String, long[]> sentAtNs = new HashMap<>();

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
        if (sentAtNs.size() > TOPICS_MAX) {
            sentAtNs.clear();
        }
        long nowNs = System.nanoTime();
        List<OutgoingRecord> alone = new ArrayList<>();
        List<OutgoingRecord> rest = new ArrayList<>(batch.size());
        for (OutgoingRecord record : batch) {
            long[] ofTopic = partitions(record);
            int partition = record.record().partition();
            long lastNs = ofTopic[partition];
            ofTopic[partition] = nowNs;
            if (lastNs == NEVER || nowNs - lastNs > validNs) {
                alone.add(record);
            } else {
                rest.add(record);
            }
        }
        return new Split(alone, rest);
    }

    /** With room for the record's partition: topics are given more of them while they are in use. */
    private long[] partitions(OutgoingRecord record) {
        String topic = record.record().topic();
        int partition = record.record().partition();
        long[] known = sentAtNs.get(topic);
        if (known != null && partition < known.length) {
            return known;
        }
        long[] more = new long[Math.max(partition + 1, known == null ? 0 : 2 * known.length)];
        Arrays.fill(more, NEVER);
        if (known != null) {
            System.arraycopy(known, 0, more, 0, known.length);
        }
        sentAtNs.put(topic, more);
        return more;
    }
}
