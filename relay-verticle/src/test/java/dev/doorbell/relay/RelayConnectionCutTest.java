package dev.doorbell.relay;

import static dev.doorbell.relay.TestRelay.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.localstack.FaultProxy.Direction;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections to Kafka break again and again while requests are in flight. */
class RelayConnectionCutTest {
    private static final int EVENTS = 4_000;
    private static final int CUTS_MIN = 5;
    /** Enough for a connection to become usable and to carry some answers. */
    private static final int ANSWER_BYTES = 3_000;

    private final TestSource source = TestSource.migrated();

    @AfterEach
    void heal() {
        TestStack.kafkaProxy().heal();
    }

    @Test
    void whatOneProducerRepeatsIsTakenOnceAndInOrder() throws Exception {
        Map<String, String> settings =
                Map.of("TOPIC_PARTITIONS", "1", "RELAY_BATCH_EVENTS_MAX", "10", "RELAY_DELIVERY_TIMEOUT_MS", "30000");
        try (TestRelay relay = TestRelay.start(settings, source);
                TestTopic topic = new TestTopic(source)) {
            source.append("a1", "first");
            topic.awaitPayloads("first");
            long brokenBefore = TestStack.kafkaProxy().broken();
            TestStack.kafkaProxy().cutAfter(Direction.TO_CLIENT, ANSWER_BYTES);
            source.appendMany("x", EVENTS);
            await().atMost(PATIENCE).until(() -> source.cursor().equals((1 + EVENTS) + " {}{}"));
            TestStack.kafkaProxy().heal();

            assertThat(TestStack.kafkaProxy().broken() - brokenBefore).isGreaterThan(CUTS_MIN);
            assertThat(relay.metric("doorbell_relay_publish_failures_total", source))
                    .as("it was one producer")
                    .isEqualTo("0.0");
            List<ConsumerRecord<byte[], byte[]>> records = topic.recordsNow();
            assertThat(records).as("nothing twice").hasSize(1 + EVENTS);
            TestTopic.assertFirstOccurrencesInOrder(records);
        }
    }
}
