package dev.doorbell.relay;

import static dev.doorbell.relay.TestRelay.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class RelayKafkaFailureTest {
    private final TestSource source = TestSource.migrated();

    @Test
    void aBrokerThatDiesInMidBatchCostsNothingButRepeats() throws Exception {
        // Small batches, so that the broker's end meets some in flight.
        try (TestRelay relay = TestRelay.start(
                        Map.of("RELAY_BATCH_EVENTS_MAX", "50", "RELAY_DELIVERY_TIMEOUT_MS", "1000"), source);
                TestTopic topic = new TestTopic(source)) {
            // Every partition has acknowledged the producer once, so that batches are in flight side by side.
            source.appendMany("warm", 100);
            topic.awaitPayloads(
                    IntStream.rangeClosed(1, 100).mapToObj(i -> "warm-" + i).toArray(String[]::new));
            source.appendMany("during", 3_000);
            TestStack.kafka().kill();
            try {
                source.appendMany("down", 3_000);
                await().atMost(PATIENCE)
                        .until(() -> !relay.metric("doorbell_relay_publish_failures_total", source)
                                .equals("0.0"));
                JsonObject ready = new JsonObject(relay.get("/health/ready"));
                assertThat(ready.getString("status")).isEqualTo("degraded");
                assertThat(ready.getJsonObject("checks").getJsonObject("kafka").getString("status"))
                        .isEqualTo("degraded");
                assertThat(relay.metric("doorbell_relay_leader", source)).isEqualTo("1.0");
            } finally {
                TestStack.kafka().startAgain();
            }
            List<ConsumerRecord<byte[], byte[]>> records =
                    topic.awaitAll(RelayLeadershipTest.payloads("during", "down"));
            TestTopic.assertFirstOccurrencesInOrder(records);
            relay.awaitRecovered(source, "6100 {}{}");
        }
    }
}
