package dev.doorbell.system.badexamples.customer.domain;

import org.apache.kafka.clients.producer.Producer;

public class UsesKafka {
    Producer<byte[], byte[]> dependency;
}
