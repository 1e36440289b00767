package dev.doorbell.relay;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * One admin client of the process: creates missing topics and knows whether Kafka answers. Methods block and may be
 * called from any worker thread; {@link #reachable} does not. Made on first use and again after a failure, because the
 * client cannot even be made while the brokers' names do not resolve.
 */
final class KafkaTopics {
    private static final int REQUEST_TIMEOUT_MS_MAX = 5_000;
    private static final int PROBE_TIMEOUT_MS = 2_000;

    private final String bootstrapServers;
    private final int partitions;
    private final short replicationFactor;
    private final int requestTimeoutMs;
    private Admin admin;

    KafkaTopics(RelayConfig config) {
        this.bootstrapServers = config.bootstrapServers();
        this.partitions = config.topicPartitions();
        this.replicationFactor = (short) config.topicReplicationFactor();
        this.requestTimeoutMs = Math.min(REQUEST_TIMEOUT_MS_MAX, config.deliveryTimeoutMs());
    }

    /**
     * Returns when the topic exists. One that exists already stays as it is: other partitions would break the order of
     * its keys. It is asked for first, so that a relay that may not create topics can use those that exist.
     *
     * @throws KafkaException when Kafka does not answer or refuses
     */
    void require(String topic) {
        try {
            DescribeTopicsOptions options = new DescribeTopicsOptions().timeoutMs(requestTimeoutMs);
            await(admin().describeTopics(List.of(topic), options).allTopicNames());
        } catch (UnknownTopicOrPartitionException e) {
            create(topic);
        }
    }

    private void create(String topic) {
        try {
            await(admin().createTopics(List.of(new NewTopic(topic, partitions, replicationFactor)))
                    .all());
        } catch (TopicExistsException e) {
            // Another relay or the service's administrator was faster.
        }
    }

    /** Fails within a few seconds when Kafka does not answer. */
    Future<Void> reachable(Vertx vertx) {
        return vertx.executeBlocking(
                () -> {
                    await(admin().describeCluster(new DescribeClusterOptions().timeoutMs(PROBE_TIMEOUT_MS))
                            .nodes());
                    return null;
                },
                false);
    }

    private synchronized Admin admin() {
        if (admin == null) {
            Map<String, Object> settings = new HashMap<>();
            settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
            settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "doorbell-relay");
            settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, requestTimeoutMs);
            settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 2 * requestTimeoutMs);
            admin = Admin.create(settings);
        }
        return admin;
    }

    synchronized void close() {
        if (admin != null) {
            admin.close(java.time.Duration.ZERO);
        }
    }

    private static <T> T await(org.apache.kafka.common.KafkaFuture<T> future) {
        try {
            // Bounded by the client's own timeouts.
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }
}
