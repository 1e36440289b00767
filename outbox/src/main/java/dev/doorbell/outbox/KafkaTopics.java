package dev.doorbell.outbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
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
        // Also those for a secured cluster; what only a consumer knows would be warned of.
        kafkaConfig.forEach((name, value) -> {
            if (AdminClientConfig.configNames().contains(name)) {
                properties.put(name, value);
            }
        });
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

    /** What the log of every partition of {@code topics} holds. */
    Future<Map<TopicPartition, ConsumerLag.LogRange>> logs(Collection<String> topics) {
        return admin().compose(client -> future(client.describeTopics(topics).allTopicNames())
                .compose(descriptions -> {
                    List<TopicPartition> partitions = new ArrayList<>();
                    descriptions
                            .values()
                            .forEach(topic -> topic.partitions()
                                    .forEach(partition ->
                                            partitions.add(new TopicPartition(topic.name(), partition.partition()))));
                    // Begin first: a log that grows in between only looks longer.
                    return offsets(client, partitions, OffsetSpec.earliest())
                            .compose(begins -> offsets(client, partitions, OffsetSpec.latest())
                                    .map(ends -> partitions.stream()
                                            .collect(Collectors.toMap(
                                                    Function.identity(),
                                                    partition -> new ConsumerLag.LogRange(
                                                            begins.get(partition), ends.get(partition))))));
                }));
    }

    private Future<Map<TopicPartition, Long>> offsets(Admin client, List<TopicPartition> partitions, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> request = new HashMap<>();
        partitions.forEach(partition -> request.put(partition, which));
        return future(client.listOffsets(request).all())
                .map(offsets -> offsets.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, offset -> offset.getValue().offset())));
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
