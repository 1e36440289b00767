package dev.doorbell.outbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What a consumer asks the broker beside its records. Kafka's own admin client, because the Vert.x one calls methods
 * that Kafka 4 removed. Made late and on a worker thread: its constructor resolves host names.
 */
final class KafkaTopics {
    private static final String API_TIMEOUT_MS = "5000";

    private final Vertx vertx;
    private final Properties properties = new Properties();
    private Future<Admin> admin;

    KafkaTopics(Vertx vertx, Map<String, String> kafkaConfig) {
        this.vertx = vertx;
        properties.putAll(kafkaConfig);
        properties.put("default.api.timeout.ms", API_TIMEOUT_MS);
        properties.put("request.timeout.ms", API_TIMEOUT_MS);
    }

    /** Which of {@code topics} the broker has; fails when it does not answer. */
    Future<Set<String>> existing(Collection<String> topics) {
        return admin().compose(client -> future(client.listTopics().names()))
                .map(names -> topics.stream().filter(names::contains).collect(Collectors.toSet()));
    }

    /** The longest that a record of {@code topic} can lie in the log; null for infinite or compacted topics. */
    Future<Duration> retention(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin().compose(client ->
                        future(client.describeConfigs(List.of(resource)).all()))
                .map(configs -> retention(configs.get(resource)));
    }

    private static Duration retention(Config config) {
        long retentionMs =
                Long.parseLong(config.get(TopicConfig.RETENTION_MS_CONFIG).value());
        long segmentMs =
                Long.parseLong(config.get(TopicConfig.SEGMENT_MS_CONFIG).value());
        boolean compacted =
                !config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value().equals(TopicConfig.CLEANUP_POLICY_DELETE);
        // A segment is deleted when its newest record has expired: its oldest may be older by the segment's span.
        return retentionMs < 0 || compacted
                ? null
                : Duration.ofMillis(retentionMs).plusMillis(segmentMs);
    }

    /** The end of every partition of {@code topics}. */
    Future<Map<TopicPartition, Long>> ends(Collection<String> topics) {
        return admin().compose(client -> future(client.describeTopics(topics).allTopicNames())
                .compose(descriptions -> {
                    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
                    descriptions
                            .values()
                            .forEach(topic -> topic.partitions()
                                    .forEach(partition -> latest.put(
                                            new TopicPartition(topic.name(), partition.partition()),
                                            OffsetSpec.latest())));
                    return future(client.listOffsets(latest).all());
                })
                .map(ends -> ends.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, end -> end.getValue().offset()))));
    }

    /** What {@code group} has committed. */
    Future<Map<TopicPartition, OffsetAndMetadata>> committed(String group) {
        return admin().compose(
                        client -> future(client.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()));
    }

    Future<Void> close() {
        if (admin == null) {
            return Future.succeededFuture();
        }
        return admin.<Void>compose(client -> vertx.executeBlocking(
                        () -> {
                            client.close(Duration.ofSeconds(1));
                            return null;
                        },
                        false))
                .otherwiseEmpty();
    }

    private Future<Admin> admin() {
        if (admin == null || admin.failed()) {
            admin = vertx.executeBlocking(() -> Admin.create(properties), false);
        }
        return admin;
    }

    private <T> Future<T> future(KafkaFuture<T> answer) {
        return Future.fromCompletionStage(answer.toCompletionStage(), vertx.getOrCreateContext());
    }
}
