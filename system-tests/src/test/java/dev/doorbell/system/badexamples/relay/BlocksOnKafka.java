package dev.doorbell.system.badexamples.relay;

import org.apache.kafka.common.KafkaFuture;

public class BlocksOnKafka {
    String run(KafkaFuture<String> future) throws Exception {
        return future.get();
    }
}
