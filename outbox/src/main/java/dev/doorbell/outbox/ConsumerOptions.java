package dev.doorbell.outbox;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What {@link EventConsumer#builder} collects, checked. */
record ConsumerOptions(
        String group,
        Set<String> topics,
        Map<String, EventHandler> handlers,
        Map<String, String> kafkaConfig,
        Duration inboxRetention,
        boolean allowUnboundedTopics,
        Duration handlerTimeout,
        KeyOrder keyOrder,
        ConsumerListener listener,
        Clock clock) {
    ConsumerOptions {
        topics = Set.copyOf(new LinkedHashSet<>(topics));
        handlers = Map.copyOf(handlers);
        require(group != null && !group.isBlank(), "group", "is missing");
        require(!topics.isEmpty(), "topics", "are missing");
        require(!handlers.isEmpty(), "handler", "is missing: register at least one");
        require(kafkaConfig.containsKey("bootstrap.servers"), "bootstrapServers", "is missing");
        require(inboxRetention.compareTo(Duration.ofMinutes(1)) >= 0, "inboxRetention", "is below a minute");
        require(handlerTimeout.toMillis() >= 1, "handlerTimeout", "is below a millisecond");
        kafkaConfig = withFixed(group, kafkaConfig);
    }

    /** What the guarantees rest on, over whatever the caller set. */
    private static Map<String, String> withFixed(String group, Map<String, String> given) {
        Map<String, String> config = new LinkedHashMap<>();
        // A member that died is missed after the first, the least that a broker admits by default; the others hear
        // of it with their next heartbeat. Together with the join of the new generation that stays below 10 s.
        config.put("session.timeout.ms", "6000");
        config.put("heartbeat.interval.ms", "1500");
        // A rebalance waits for every member that lives, for at most this long. The loop never waits for a handler, so
        // that a member which has not polled for as long hangs; it must exceed default.api.timeout.ms.
        config.put("max.poll.interval.ms", "30000");
        config.put("default.api.timeout.ms", "10000");
        config.put("max.poll.records", "500");
        config.put("partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        config.putAll(given);
        config.put("group.id", group);
        config.put("enable.auto.commit", "false");
        config.put("auto.offset.reset", "earliest");
        config.put("allow.auto.create.topics", "false");
        config.put("isolation.level", "read_committed");
        config.put("key.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer");
        config.put("value.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer");
        return Map.copyOf(config);
    }

    private static void require(boolean condition, String option, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException("The consumer's " + option + " " + otherwise + ".");
        }
    }
}
