package dev.doorbell.relay;

import static dev.doorbell.relay.TestRelay.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.localstack.FaultProxy.Direction;
import dev.doorbell.service.Environment;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A publisher alone, on the real broker. */
class PublisherTest {
    private static final int RECORD_BYTES = 150_000;

    private final TestSource source = TestSource.unmigrated();
    private final RelayConfig config = RelayConfig.read(new Environment(
            TestRelay.environment(Map.of("TOPIC_PARTITIONS", "1", "RELAY_DELIVERY_TIMEOUT_MS", "20000"), source)));
    private final KafkaTopics topics = new KafkaTopics(config);
    private final Vertx vertx = Vertx.vertx();
    private final WorkerExecutor worker = vertx.createSharedWorkerExecutor("publisher-test", 1);
    private final Context context = vertx.getOrCreateContext();
    private final CompletableFuture<PublishFailure> failure = new CompletableFuture<>();
    private final Publisher publisher = onContext(() -> new Publisher(
            vertx,
            worker,
            topics,
            new ProducerFactory(config, source.name),
            new ProvenPartitions(Duration.ofMillis(200)),
            failure::complete));

    @AfterEach
    void close() throws Exception {
        TestStack.kafkaProxy().heal();
        onContext(publisher::abandon).toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        topics.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** Kafka's own five minutes are shorter than many a source sleeps. */
    @Test
    void theProducerRemembersATopicForHours() {
        assertThat(new ProducerFactory(config, source.name).settings())
                .hasEntrySatisfying(
                        "metadata.max.idle.ms",
                        ms -> assertThat(Long.parseLong(ms))
                                .isGreaterThanOrEqualTo(Duration.ofHours(1).toMillis()));
    }

    @Test
    void aBatchIsPublishedWhenItsLastRecordIsAcknowledged() {
        publish(event(1, "first"));
        List<OutboundEvent> batch = new ArrayList<>();
        for (int i = 2; i <= 6; i++) {
            batch.add(event(i, TestSource.noise("x-" + i, RECORD_BYTES)));
        }
        // Some of them reach the broker, not all.
        TestStack.kafkaProxy().stallAfter(Direction.TO_SERVER, 2 * RECORD_BYTES + RECORD_BYTES / 2);
        Future<Void> published = onContext(() -> publisher.publish(batch));
        try (TestTopic topic = new TestTopic(source)) {
            await().atMost(PATIENCE).until(() -> topic.labelsNow().contains("x-2"));
            await().atMost(Duration.ofSeconds(5))
                    .during(Duration.ofMillis(500))
                    .untilAsserted(() ->
                            assertThat(published.isComplete()).as("published").isFalse());
            TestStack.kafkaProxy().heal();
            await().atMost(PATIENCE).until(published::succeeded);
            assertThat(topic.labelsNow()).containsExactly("first", "x-2", "x-3", "x-4", "x-5", "x-6");
        }
    }

    @Test
    void aLoneRecordIsNotHeldBack() {
        long fastestNs = Long.MAX_VALUE;
        for (int i = 1; i <= 200; i++) {
            long startedAtNs = System.nanoTime();
            publish(event(i, "x"));
            fastestNs = Math.min(fastestNs, System.nanoTime() - startedAtNs);
        }
        assertThat(Duration.ofNanos(fastestNs)).as("fastest").isLessThan(Duration.ofMillis(5));
    }

    @Test
    void aBrokerThatHasForgottenTheProducerIsSentOneRecordAlone() throws Exception {
        source.createTopic(1, Map.of("max.message.bytes", "200000"));
        publish(event(1, "first"));
        expireProducers("1000");
        try (Admin admin = TestStack.admin();
                TestTopic topic = new TestTopic(source)) {
            TopicPartition partition = new TopicPartition(source.topic, 0);
            await().atMost(PATIENCE)
                    .until(() -> admin.describeProducers(List.of(partition))
                            .partitionResult(partition)
                            .get()
                            .activeProducers()
                            .isEmpty());
            // The broker has all requests that are sent before the producer sees an answer.
            TestStack.kafkaProxy().blackHole(Direction.TO_CLIENT);
            onContext(() -> publisher.publish(List.of(
                    event(2, TestSource.noise("refused", 210_000)),
                    event(3, TestSource.noise("later", RECORD_BYTES)),
                    event(4, TestSource.noise("later still", RECORD_BYTES)))));
            await().atMost(PATIENCE).during(Duration.ofMillis(500)).until(() -> source.producerRequestsInFlight() > 0);
            TestStack.kafkaProxy().heal();
            await().atMost(PATIENCE).until(failure::isDone);
            assertThat(failure.join().unpublishable()).containsOnlyKeys(2L);
            assertThat(topic.labelsNow()).containsExactly("first");
        } finally {
            TestStack.kafkaProxy().heal();
            expireProducers("86400000");
        }
    }

    private static void expireProducers(String afterMs) throws Exception {
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "");
        AlterConfigOp set =
                new AlterConfigOp(new ConfigEntry("producer.id.expiration.ms", afterMs), AlterConfigOp.OpType.SET);
        try (Admin admin = TestStack.admin()) {
            admin.incrementalAlterConfigs(Map.of(broker, List.of(set))).all().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void anErrorWhileSendingIsAFailure() {
        List<Header> broken = new AbstractList<>() {
            @Override
            public Header get(int index) {
                throw new LinkageError("a native library is missing");
            }

            @Override
            public int size() {
                return 1;
            }
        };
        publish(event(1, "first"));
        onContext(() ->
                publisher.publish(List.of(new OutboundEvent(2, source.topic, bytes("key"), bytes("x"), broken, 100))));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(failure).as("failure").isCompleted());
        assertThat(failure.join()).hasMessageStartingWith("LinkageError");
    }

    private void publish(OutboundEvent event) {
        Future<Void> published = onContext(() -> publisher.publish(List.of(event)));
        CompletableFuture.anyOf(published.toCompletionStage().toCompletableFuture(), failure)
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        assertThat(failure.getNow(null)).as("failure").isNull();
    }

    private OutboundEvent event(long seq, String payload) {
        return new OutboundEvent(seq, source.topic, bytes("key"), bytes(payload), List.of(), payload.length() + 100L);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private <T> T onContext(java.util.function.Supplier<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        context.runOnContext(hop -> result.complete(call.get()));
        return result.orTimeout(30, TimeUnit.SECONDS).join();
    }
}
