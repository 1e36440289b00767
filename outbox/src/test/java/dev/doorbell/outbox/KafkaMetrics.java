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
        return ofConsumer(clientId + ",topic=" + topic + ",partition=" + partition, "records-lag");
    }

    /** How many records its polls have returned. */
    static double recordsPolled(String clientId) {
        return ofConsumer(clientId, "records-consumed-total");
    }

    private static double ofConsumer(String client, String attribute) {
        try {
            ObjectName name = new ObjectName("kafka.consumer:type=consumer-fetch-manager-metrics,client-id=" + client);
            return (double) ManagementFactory.getPlatformMBeanServer().getAttribute(name, attribute);
        } catch (InstanceNotFoundException | AttributeNotFoundException e) {
            return Double.NaN;
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }
}
