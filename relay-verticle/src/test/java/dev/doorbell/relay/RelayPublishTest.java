package dev.doorbell.relay;

import static dev.doorbell.relay.TestRelay.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.outbox.Outbox;
import dev.doorbell.outbox.OutboxEvent;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class RelayPublishTest {
    private final TestSource source = TestSource.migrated();

    @Test
    void publishesWhatTheLibraryAppendsInOrderToATopicThatItCreates() throws Exception {
        List<OutboxEvent> events = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            events.add(OutboxEvent.json("customer", "a" + i % 7, "Changed", Buffer.buffer("{\"n\":" + i + "}"))
                    .withTraceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                    .withHeaders(Map.of("ce_dataschema", "v1", "ce_id", "forged")));
        }
        append(events);
        try (TestRelay relay =
                        TestRelay.start(Map.of("TOPIC_PARTITIONS", "3", "RELAY_BATCH_EVENTS_MAX", "40"), source);
                TestTopic topic = new TestTopic(source)) {
            List<ConsumerRecord<byte[], byte[]>> records = topic.awaitAll(
                    events.stream().map(event -> event.payload().toString()).collect(Collectors.toSet()));
            assertThat(records).hasSize(300);
            assertThat(topic.partitionCount()).isEqualTo(3);
            TestTopic.assertFirstOccurrencesInOrder(records);
            assertThat(records)
                    .allMatch(record -> record.partition() == Utils.toPositive(Utils.murmur2(record.key())) % 3);
            ConsumerRecord<byte[], byte[]> first = records.stream()
                    .filter(record -> TestTopic.payload(record).equals("{\"n\":0}"))
                    .findFirst()
                    .orElseThrow();
            assertThat(new String(first.key(), StandardCharsets.UTF_8)).isEqualTo("a0");
            assertThat(TestTopic.header(first, "ce_id"))
                    .isEqualTo(events.get(0).id().toString());
            assertThat(TestTopic.header(first, "ce_source")).isEqualTo("/" + source.name);
            assertThat(TestTopic.header(first, "ce_sequence")).isEqualTo("1");
            assertThat(TestTopic.header(first, "ce_dataschema")).isEqualTo("v1");
            assertThat(TestTopic.header(first, "traceparent")).startsWith("00-0af7651916cd43dd8448eb211c80319c");
            await().atMost(PATIENCE).until(() -> source.cursor().equals("300 {}{}"));
            assertThat(relay.metric("doorbell_relay_events_published_total", source))
                    .isEqualTo("300.0");
        }
    }

    private void append(List<OutboxEvent> events) throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            PgConnection.connect(vertx, source.url().connectOptions("test"))
                    .compose(connection -> new Outbox().append(connection, events))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void aNotificationWakesItLongBeforeThePoll() throws Exception {
        try (TestRelay relay = TestRelay.start(
                        Map.of("RELAY_FALLBACK_POLL_MS", "600000", "RELAY_SESSION_TIMEOUT_MS", "60000"), source);
                TestTopic topic = new TestTopic(source)) {
            relay.awaitLeading(source);
            assertEachArrivesBeforeAHeartbeat(topic);
        }
    }

    /** The heartbeat reads too, here every 15 s: it alone would not bring them all in time. */
    private void assertEachArrivesBeforeAHeartbeat(TestTopic topic) throws Exception {
        source.append("a", "warm up");
        topic.awaitPayloads("warm up");
        for (int i = 1; i <= 10; i++) {
            long appendedAtNs = System.nanoTime();
            source.append("a", "event-" + i);
            topic.awaitPayloads("event-" + i);
            assertThat(System.nanoTime() - appendedAtNs).isLessThan(TimeUnit.SECONDS.toNanos(10));
        }
    }

    @Test
    void thePollFindsWhatNoNotificationToldOf() throws Exception {
        source.execute("DROP TRIGGER outbox_ring ON outbox");
        try (TestRelay relay = TestRelay.start(
                        source.withoutTrigger(
                                Map.of("RELAY_FALLBACK_POLL_MS", "100", "RELAY_SESSION_TIMEOUT_MS", "60000")),
                        source);
                TestTopic topic = new TestTopic(source)) {
            relay.awaitLeading(source);
            assertEachArrivesBeforeAHeartbeat(topic);
        }
    }

    @Test
    void anOrderlyStopFinishesWhatIsInFlightAndWritesTheCursor() throws Exception {
        source.appendMany("x", 5_000);
        // Small steps, so that the stop comes in the middle, with progress that is not stored yet.
        TestRelay relay =
                TestRelay.start(Map.of("RELAY_BATCH_EVENTS_MAX", "5", "RELAY_IN_FLIGHT_BATCHES_MAX", "1"), source);
        try (TestTopic topic = new TestTopic(source)) {
            topic.awaitPayloads("x-100");
            await().atMost(PATIENCE).until(() -> Long.parseLong(source.cursor().split(" ")[0]) >= 100);
            relay.close();
            long publishedThrough = Long.parseLong(source.cursor().split(" ")[0]);
            assertThat(publishedThrough).isBetween(100L, 4_999L);
            topic.awaitAll(IntStream.rangeClosed(1, (int) publishedThrough)
                    .mapToObj(i -> "x-" + i)
                    .collect(Collectors.toSet()));
            try (TestRelay next = TestRelay.start(source)) {
                next.awaitLeading(source);
                List<ConsumerRecord<byte[], byte[]>> records = topic.awaitAll(
                        IntStream.rangeClosed(1, 5_000).mapToObj(i -> "x-" + i).collect(Collectors.toSet()));
                assertThat(records).as("nothing twice after an orderly stop").hasSize(5_000);
                TestTopic.assertFirstOccurrencesInOrder(records);
            }
        } finally {
            relay.close();
        }
    }

    @Test
    void aTopicThatIsDeletedUnderItIsMadeAnew() throws Exception {
        try (TestRelay relay = TestRelay.start(Map.of("RELAY_DELIVERY_TIMEOUT_MS", "1000"), source)) {
            source.append("a", "before");
            await().atMost(PATIENCE).until(() -> source.cursor().equals("1 {}{}"));
            try (Admin admin = TestStack.admin()) {
                admin.deleteTopics(List.of(source.topic)).all().get(30, TimeUnit.SECONDS);
            }
            source.append("a", "behind");
            await().atMost(PATIENCE).until(() -> source.cursor().equals("2 {}{}"));
            relay.awaitLeading(source);
            try (TestTopic topic = new TestTopic(source)) {
                assertThat(topic.labelsNow()).containsExactly("behind");
            }
        }
    }
}
