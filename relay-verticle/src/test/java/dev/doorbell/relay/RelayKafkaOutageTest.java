package dev.doorbell.relay;

import static dev.doorbell.relay.TestRelay.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Kafka cannot be reached: the relay keeps its session, its leadership and a bounded amount of memory, and says so. Kafka
 * down for minutes is to the relay one delivery time-out after another, with reloads of the cursor in between; so the
 * tests make the time-out a second and wait for several, instead of minutes on the clock.
 */
class RelayKafkaOutageTest {
    private static final String IN_FLIGHT = "doorbell_relay_batches_in_flight";

    private final TestSource source = TestSource.migrated();

    @AfterEach
    void heal() {
        TestStack.kafkaProxy().heal();
    }

    @Test
    void aBrokerSilentForSeveralDeliveryTimeoutsCostsNothingButTime() throws Exception {
        Map<String, String> settings = Map.of(
                "RELAY_DELIVERY_TIMEOUT_MS", "1000",
                "RELAY_BATCH_EVENTS_MAX", "20",
                "RELAY_IN_FLIGHT_BATCHES_MAX", "3");
        try (TestRelay relay = TestRelay.start(settings, source);
                TestTopic topic = new TestTopic(source)) {
            source.append("a1", "first");
            topic.awaitPayloads("first");
            TestStack.kafkaProxy().blackHole();
            source.appendMany("during", 3_000);
            await().atMost(PATIENCE).until(() -> failures(relay) >= 3);
            assertDegraded(relay);
            assertThat(relay.check(source).getString("status")).as("source").isEqualTo("degraded");
            source.appendMany("down", 3_000);
            await().atMost(PATIENCE).until(() -> failures(relay) >= 4);
            assertThat(relay.metric("doorbell_relay_leader", source)).isEqualTo("1.0");

            TestStack.kafkaProxy().heal();
            List<ConsumerRecord<byte[], byte[]>> records =
                    topic.awaitAll(RelayLeadershipTest.payloads("during", "down"));
            TestTopic.assertFirstOccurrencesInOrder(records);
            relay.awaitRecovered(source, "6001 {}{}");
        }
    }

    @Test
    void aLeaderThatWaitsForKafkaSpeaksToItsSession() throws Exception {
        Map<String, String> settings = Map.of(
                "RELAY_DELIVERY_TIMEOUT_MS", "60000",
                "RELAY_FALLBACK_POLL_MS", "600000",
                "RELAY_BATCH_EVENTS_MAX", "1",
                "RELAY_IN_FLIGHT_BATCHES_MAX", "3");
        try (TestRelay relay = TestRelay.start(settings, source)) {
            relay.awaitLeading(source);
            TestStack.kafkaProxy().blackHole();
            source.appendMany("x", 100);
            await().atMost(Duration.ofSeconds(15))
                    .during(Duration.ofMillis(500))
                    .untilAsserted(() -> assertThat(relay.metric(IN_FLIGHT, source))
                            .as("limit")
                            .isEqualTo("3.0"));
            // PostgreSQL ends a session that is idle for RELAY_SESSION_TIMEOUT_MS.
            for (int heartbeat = 0; heartbeat < 2; heartbeat++) {
                String now = source.value("SELECT clock_timestamp()");
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> source.value("SELECT 1 FROM pg_stat_activity WHERE application_name = "
                                        + "'doorbell-relay' AND datname = current_database() AND query_start > '" + now
                                        + "'")
                                != null);
            }
            // Or the stop would wait for what is in flight.
            heal();
        }
    }

    @Test
    void whatIsInFlightIsBoundedInBytes() throws Exception {
        Map<String, String> settings = Map.of(
                "RELAY_DELIVERY_TIMEOUT_MS", "60000",
                "RELAY_IN_FLIGHT_BYTES_MAX", String.valueOf(1024 * 1024),
                "RELAY_IN_FLIGHT_BATCHES_MAX", "64");
        for (int i = 0; i < 20; i++) {
            source.append("a", TestSource.noise("x-" + i, 100_000));
        }
        TestStack.kafkaProxy().blackHole();
        try (TestRelay relay = TestRelay.start(settings, source)) {
            // A 64th of the bytes is one row, so every batch has one; the eleventh passes a MiB.
            await().atMost(Duration.ofSeconds(15))
                    .during(Duration.ofMillis(500))
                    .untilAsserted(() -> assertThat(relay.metric(IN_FLIGHT, source))
                            .as("limit")
                            .isEqualTo("11.0"));
            heal();
        }
    }

    @Test
    void aBrokerThatIsDownAtTheStartIsWaitedFor() throws Exception {
        source.append("a", "before");
        TestStack.kafkaProxy().refuse();
        TestStack.kafkaProxy().reset();
        try (TestRelay relay = TestRelay.start(Map.of("RELAY_DELIVERY_TIMEOUT_MS", "1000"), source)) {
            await().atMost(PATIENCE).until(() -> failures(relay) >= 2);
            assertDegraded(relay);
            assertThat(relay.check(source).getString("status")).as("source").isEqualTo("degraded");
            source.append("a", "behind");
            TestStack.kafkaProxy().heal();
            try (TestTopic topic = new TestTopic(source)) {
                await().atMost(PATIENCE).until(() -> source.cursor().equals("2 {}{}"));
                assertThat(topic.labelsNow()).containsExactly("before", "behind");
            }
        }
    }

    @Test
    void aBrokerWhoseNameIsNotKnownYetIsWaitedFor() {
        Map<String, String> settings =
                Map.of("RELAY_DELIVERY_TIMEOUT_MS", "1000", "KAFKA_BOOTSTRAP_SERVERS", "no-such-host.invalid:9092");
        try (TestRelay relay = TestRelay.start(settings, source)) {
            relay.awaitLeading(source);
            assertDegraded(relay);
        }
    }

    private double failures(TestRelay relay) {
        return Double.parseDouble(relay.metric("doorbell_relay_publish_failures_total", source));
    }

    private static void assertDegraded(TestRelay relay) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonObject ready = new JsonObject(relay.get("/health/ready"));
            assertThat(ready.getString("status")).isEqualTo("degraded");
            assertThat(ready.getJsonObject("checks").getJsonObject("kafka").getString("status"))
                    .as("kafka")
                    .isEqualTo("degraded");
        });
    }
}
