package dev.doorbell.outbox;

import java.lang.management.ManagementFactory;
import javax.management.AttributeNotFoundException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.ObjectName;

/** What Kafka's clients of this JVM count. */
final class KafkaMetrics {
    private KafkaMetrics() {}

    /** How many records of a partition the polls of a client have not returned yet; NaN before the first. */
    static double recordsLag(String clientId, String topic, int partition) {
        try {
            ObjectName name = new ObjectName("kafka.consumer:type=consumer-fetch-manager-metrics,client-id=" + clientId
                    + ",topic=" + topic + ",partition=" + partition);
            return (double) ManagementFactory.getPlatformMBeanServer().getAttribute(name, "records-lag");
        } catch (InstanceNotFoundException | AttributeNotFoundException e) {
            return Double.NaN;
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }
}
