package dev.doorbell.relay;

import org.apache.kafka.clients.producer.ProducerRecord;

/** An event on its way to the partition that was chosen for it, which the record names. */
record OutgoingRecord(OutboundEvent event, ProducerRecord<byte[], byte[]> record) {}
