package dev.doorbell.relay;

import static dev.doorbell.relay.TestRelay.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.doorbell.service.Environment;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RelayPoisonTest {
    private static final String LETTERS = "SELECT string_agg(outbox_seq || ' ' || reason || ' ' || "
            + "convert_from(record_key, 'UTF8') || ' ' || octet_length(record_value), ', ' ORDER BY id) FROM dead_letter "
            + "WHERE consumer = 'relay'";

    private final TestSource source = TestSource.migrated();

    @Test
    void aRowThatIsTooLargeIsDeadLetteredAndParksItsKeyAlone() throws Exception {
        source.append("poisoned", "before");
        source.append("poisoned", "x".repeat(5_000));
        source.append("other", "behind");
        source.append("poisoned", "parked");
        try (TestRelay relay = TestRelay.start(Map.of("RELAY_RECORD_BYTES_MAX", "4000"), source);
                TestTopic topic = new TestTopic(source)) {
            await().atMost(PATIENCE).until(() -> source.cursor().equals("4 {}{}"));
            assertThat(source.value(LETTERS)).isEqualTo("2 UNPUBLISHABLE poisoned 5000, 4 PARKED poisoned 6");
            topic.awaitPayloads("before", "behind");
            assertThat(source.value("SELECT cause FROM dead_letter ORDER BY id"))
                    .startsWith("RecordTooLargeException")
                    .doesNotContain("xxx");
            assertThat(source.value("SELECT topic || ' ' || convert_from(record_key, 'UTF8') FROM parked_key"))
                    .isEqualTo(source.topic + " poisoned");
            assertThat(relay.metric("doorbell_relay_dead_letters_total", source))
                    .isEqualTo("2.0");
            assertThat(relay.metric("doorbell_relay_publish_failures_total", source))
                    .isEqualTo("0.0");
        }
        try (TestRelay next = TestRelay.start(source);
                TestTopic topic = new TestTopic(source)) {
            source.append("poisoned", "parked too");
            source.append("other", "on");
            topic.awaitPayloads("on");
            next.awaitLeading(source);
            await().atMost(PATIENCE).until(() -> source.cursor().equals("6 {}{}"));
            assertThat(source.value(LETTERS)).endsWith("5 PARKED poisoned 10");
            assertThat(topic.payloadsNow()).containsExactlyInAnyOrder("before", "behind", "on");
        }
    }

    @Test
    void aRowThatHasTheNumberOfAnOldDeadLetterIsKeptToo() throws Exception {
        Map<String, String> settings = Map.of("RELAY_RECORD_BYTES_MAX", "4000");
        source.append("poisoned", "x".repeat(5_000));
        try (TestRelay relay = TestRelay.start(settings, source)) {
            await().atMost(PATIENCE).until(() -> source.cursor().equals("1 {}{}"));
            assertThat(relay.metric("doorbell_relay_dead_letters_total", source))
                    .isEqualTo("1.0");
        }
        source.execute("TRUNCATE outbox RESTART IDENTITY");
        source.execute("UPDATE outbox_cursor SET published_through = 0");
        source.append("later", "y".repeat(6_000));
        try (TestRelay relay = TestRelay.start(settings, source)) {
            relay.awaitLeading(source);
            await().atMost(PATIENCE).until(() -> source.cursor().equals("1 {}{}"));
            assertThat(source.value(LETTERS)).isEqualTo("1 UNPUBLISHABLE poisoned 5000, 1 UNPUBLISHABLE later 6000");
        }
    }

    @Test
    void aReleasedKeyIsPublishedInItsOrderUnderItsOwnIds() throws Exception {
        source.append("poisoned", "x".repeat(5_000));
        source.append("poisoned", "parked");
        String ids = source.value("SELECT string_agg(event_id::text, ' ' ORDER BY seq) FROM outbox");
        Environment environment = new Environment(TestRelay.environment(Map.of(), source));
        List<String> arguments = List.of("--source", source.name, "--topic", source.topic, "--key", "poisoned");
        try (TestRelay relay = TestRelay.start(Map.of("RELAY_RECORD_BYTES_MAX", "4000"), source)) {
            await().atMost(PATIENCE)
                    .until(() -> source.value("SELECT count(*)::text FROM dead_letter")
                            .equals("2"));
            relay.awaitLeading(source);
            assertThatThrownBy(() -> ReleaseKey.run(environment, arguments)).hasMessageContaining("stop it first");
        }
        ReleaseKey.run(environment, arguments);
        assertThat(source.value(
                        "SELECT (SELECT count(*) FROM dead_letter) || ' ' || (SELECT count(*) FROM parked_key)"))
                .isEqualTo("0 0");
        assertThat(source.value("SELECT string_agg(event_id::text, ' ' ORDER BY seq) FROM outbox WHERE seq > 2"))
                .isEqualTo(ids);
        assertThat(source.value("SELECT count(*)::text FROM outbox AS again JOIN outbox AS first USING (event_id) "
                        + "WHERE first.seq <= 2 AND again.seq > 2 AND (again.payload, again.event_type, again.content_type, "
                        + "again.aggregate_id) = (first.payload, first.event_type, first.content_type, first.aggregate_id) "
                        + "AND again.headers IS NOT DISTINCT FROM first.headers "
                        + "AND again.traceparent IS NOT DISTINCT FROM first.traceparent"))
                .isEqualTo("2");
        try (TestRelay relay = TestRelay.start(source);
                TestTopic topic = new TestTopic(source)) {
            topic.awaitPayloads("x".repeat(5_000), "parked");
            relay.awaitLeading(source);
        }
    }

    @Test
    void aRowThatTheBrokerRefusesIsDeadLetteredAndTheOthersGoOn() throws Exception {
        source.createTopic(1, Map.of("max.message.bytes", "2000"));
        // The broker's limit is on the compressed batch.
        String noise = TestSource.noise("refused", 6_000);
        source.append("other", "ahead");
        source.append("poisoned", noise);
        source.append("other", "behind");
        source.append("poisoned", "parked");
        try (TestRelay relay = TestRelay.start(source);
                TestTopic topic = new TestTopic(source)) {
            topic.awaitPayloads("ahead", "behind");
            await().atMost(PATIENCE).until(() -> source.cursor().equals("4 {}{}"));
            assertThat(source.value(LETTERS)).isEqualTo("2 UNPUBLISHABLE poisoned 6000, 4 PARKED poisoned 6");
            assertThat(relay.metric("doorbell_relay_publish_failures_total", source))
                    .isEqualTo("1.0");
        }
    }

    @Test
    void aRecordLargerThanAnySegmentIsDeadLettered() throws Exception {
        // The broker has an error of its own for it.
        source.createTopic(1, Map.of("max.message.bytes", "2000000", "segment.bytes", "1048576"));
        source.append("poisoned", TestSource.noise("refused", 1_500_000));
        source.append("other", "behind");
        try (TestRelay relay = TestRelay.start(Map.of("RELAY_RECORD_BYTES_MAX", "2000000"), source);
                TestTopic topic = new TestTopic(source)) {
            topic.awaitPayloads("behind");
            await().atMost(PATIENCE).until(() -> source.cursor().equals("2 {}{}"));
            assertThat(source.value(LETTERS)).isEqualTo("1 UNPUBLISHABLE poisoned 1500000");
            assertThat(relay.metric("doorbell_relay_publish_failures_total", source))
                    .isEqualTo("1.0");
        }
    }

    @Test
    void aBatchLargerThanTheTopicTakesIsSplitAndStaysInOrder() throws Exception {
        source.createTopic(1, Map.of("max.message.bytes", "5000"));
        try (Connection connection = source.connect()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < 60; i++) {
                TestSource.append(connection, "a", TestSource.noise("x-" + i, 1_000));
            }
            connection.commit();
        }
        try (TestRelay relay = TestRelay.start(
                        Map.of("RELAY_BATCH_EVENTS_MAX", "20", "RELAY_DELIVERY_TIMEOUT_MS", "30000"), source);
                TestTopic topic = new TestTopic(source)) {
            await().atMost(PATIENCE).until(() -> source.cursor().equals("60 {}{}"));
            assertThat(topic.labelsNow())
                    .containsExactlyElementsOf(
                            IntStream.range(0, 60).mapToObj(i -> "x-" + i).toList());
            assertThat(relay.metric("doorbell_relay_publish_failures_total", source))
                    .isEqualTo("0.0");
        }
    }

    @Test
    void ofABatchThatIsTooLargeOnlyTheRowThatIsSoByItselfIsDeadLettered() throws Exception {
        source.createTopic(1, Map.of("max.message.bytes", "5000"));
        try (Connection connection = source.connect()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < 30; i++) {
                TestSource.append(connection, "a", TestSource.noise("x-" + i, 1_000));
                if (i == 14) {
                    TestSource.append(connection, "poisoned", TestSource.noise("refused", 8_000));
                }
            }
            TestSource.append(connection, "poisoned", "parked");
            connection.commit();
        }
        try (TestRelay relay = TestRelay.start(Map.of("RELAY_DELIVERY_TIMEOUT_MS", "30000"), source);
                TestTopic topic = new TestTopic(source)) {
            await().atMost(PATIENCE).until(() -> source.cursor().equals("32 {}{}"));
            assertThat(source.value(LETTERS)).isEqualTo("16 UNPUBLISHABLE poisoned 8000, 32 PARKED poisoned 6");
            // What shared a request with the refused row may be there twice.
            assertThat(topic.labelsNow().stream().distinct())
                    .containsExactlyElementsOf(
                            IntStream.range(0, 30).mapToObj(i -> "x-" + i).toList());
            assertThat(relay.metric("doorbell_relay_publish_failures_total", source))
                    .isEqualTo("1.0");
        }
    }

    /** A row that is dead-lettered parks its key, and so must not overtake a row of the key that is still in flight. */
    @Test
    void earlierRowsOfTheKeyReachKafkaBeforeItIsParked() throws Exception {
        Map<String, String> settings = Map.of("RELAY_RECORD_BYTES_MAX", "4000", "RELAY_DELIVERY_TIMEOUT_MS", "1000");
        try (TestRelay relay = TestRelay.start(settings, source);
                TestTopic topic = new TestTopic(source)) {
            source.append("other", "first");
            topic.awaitPayloads("first");
            TestStack.kafkaProxy().blackHole();
            source.append("poisoned", "before");
            source.append("poisoned", "x".repeat(5_000));
            await().atMost(PATIENCE)
                    .until(() -> !relay.metric("doorbell_relay_publish_failures_total", source)
                            .equals("0.0"));
            TestStack.kafkaProxy().heal();
            await().atMost(PATIENCE).until(() -> source.cursor().equals("3 {}{}"));
            assertThat(source.value(LETTERS)).isEqualTo("3 UNPUBLISHABLE poisoned 5000");
            assertThat(topic.payloadsNow()).containsExactly("first", "before");
        } finally {
            TestStack.kafkaProxy().heal();
        }
    }

    /** Or the published rows of the key, read again after a crash in between, would be parked behind this one. */
    @Test
    void theCursorIsStoredBeforeAKeyIsParked() throws Exception {
        try (TestRelay relay = TestRelay.start(Map.of("RELAY_RECORD_BYTES_MAX", "4000"), source);
                TestTopic topic = new TestTopic(source);
                Connection writer = source.connect();
                Connection lock = source.connect()) {
            relay.awaitLeading(source);
            lock.setAutoCommit(false);
            TestSource.execute(lock, "LOCK TABLE outbox_cursor IN SHARE MODE");
            writer.setAutoCommit(false);
            TestSource.append(writer, "poisoned", "before");
            TestSource.append(writer, "poisoned", "x".repeat(5_000));
            writer.commit();
            // The session ends with the statement that could not write the cursor, and so does the next one.
            await().atMost(PATIENCE)
                    .until(() -> Double.parseDouble(relay.metric("doorbell_relay_reconnects_total", source)) >= 2);
            lock.rollback();
            await().atMost(PATIENCE).until(() -> source.cursor().equals("2 {}{}"));
            assertThat(topic.payloadsNow()).containsExactly("before");
            assertThat(source.value(LETTERS)).isEqualTo("2 UNPUBLISHABLE poisoned 5000");
        }
    }

    @Test
    void aTopicThatKafkaCannotHaveIsDeadLettered() throws Exception {
        source.execute("INSERT INTO outbox (event_id, aggregate_type, aggregate_id, event_type, topic, payload) "
                + "VALUES (uuidv7(), 'customer', 'a', 'Changed', '..', 'x')");
        source.append("a", "behind");
        try (TestRelay relay = TestRelay.start(source);
                TestTopic topic = new TestTopic(source)) {
            topic.awaitPayloads("behind");
            await().atMost(PATIENCE)
                    .until(() -> relay.metric("doorbell_relay_dead_letters_total", source)
                            .equals("1.0"));
            assertThat(source.value(LETTERS)).isEqualTo("1 UNPUBLISHABLE a 1");
            assertThat(relay.metric("doorbell_relay_publish_failures_total", source))
                    .as("known before it is sent")
                    .isEqualTo("0.0");
        }
    }

    @Test
    void aTopicThatTheBrokerRefusesIsDeadLettered() throws Exception {
        // In names of metrics '.' becomes '_', so Kafka has only one of the two.
        source.createTopic(1, Map.of());
        String colliding = source.topic.replace('.', '_');
        source.execute("INSERT INTO outbox (event_id, aggregate_type, aggregate_id, event_type, topic, payload) "
                + "VALUES (uuidv7(), 'customer', 'a', 'Changed', '" + colliding + "', 'x')");
        source.append("a", "behind");
        try (TestRelay relay = TestRelay.start(source);
                TestTopic topic = new TestTopic(source)) {
            topic.awaitPayloads("behind");
            await().atMost(PATIENCE).until(() -> source.cursor().equals("2 {}{}"));
            assertThat(source.value(LETTERS)).isEqualTo("1 UNPUBLISHABLE a 1");
            assertThat(source.value("SELECT cause FROM dead_letter")).startsWith("InvalidTopicException");
            assertThat(relay.metric("doorbell_relay_publish_failures_total", source))
                    .isEqualTo("1.0");
        }
    }
}
