package dev.doorbell.relay;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** An event on its way to the partition that was chosen for it. */
record OutgoingRecord(OutboundEvent event, ProducerRecord<byte[], byte[]> record) {
    TopicPartition partition() {
        return new TopicPartition(record.topic(), record.partition());
    }
}
