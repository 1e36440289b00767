package dev.doorbell.relay;

import static dev.doorbell.relay.TestRelay.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.localstack.FaultProxy.Direction;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * One record of a key fails while later ones of the same key are in flight behind it: it is larger than its topic takes,
 * so that the broker refuses it and nothing else, and the key is parked. A later record of it must never appear.
 *
 * <p>Every record is a request of its own: two of them do not fit into a batch of the producer. The broker's answers are
 * held back until it has all the requests that are sent.
 */
class RelaySendFailureTest {
    private static final int RECORD_BYTES = 150_000;
    private static final int TOPIC_RECORD_BYTES_MAX = 200_000;
    private static final int REFUSED_BYTES = 210_000;
    private static final int LATER = 4;
    private static final int NEW_TOPICS = 20;
    private static final Map<String, String> SETTINGS = Map.of(
            "RELAY_BATCH_EVENTS_MAX",
            String.valueOf(1 + LATER),
            "RELAY_DELIVERY_TIMEOUT_MS",
            "20000",
            "TOPIC_PARTITIONS",
            "1");

    private final TestSource source = TestSource.migrated();

    @AfterEach
    void heal() {
        TestStack.kafkaProxy().heal();
    }

    @Test
    void laterRecordsOfTheKeyDoNotOvertakeAFailedOne() throws Exception {
        assertNoLaterRecordAppears("key");
    }

    @Test
    void aPartitionsSecondRequestIsNotAcceptedBeforeItsFirst() throws Exception {
        assertNoLaterRecordAppears(TestTopic.keyOfOtherPartition("key", 2));
    }

    /** @param firstKey of the record that the producer has sent before; its partition is the only one that knows it */
    private void assertNoLaterRecordAppears(String firstKey) throws Exception {
        source.createTopic(2, Map.of("max.message.bytes", String.valueOf(TOPIC_RECORD_BYTES_MAX)));
        try (TestRelay relay = TestRelay.start(SETTINGS, source);
                TestTopic topic = new TestTopic(source)) {
            source.append(firstKey, "first");
            topic.awaitPayloads("first");
            await().atMost(PATIENCE).until(() -> source.cursor().equals("1 {}{}"));

            TestStack.kafkaProxy().blackHole(Direction.TO_CLIENT);
            appendRefusedAndLaterOnes();
            await().atMost(PATIENCE).during(Duration.ofMillis(500)).until(() -> source.producerRequestsInFlight() > 0);
            TestStack.kafkaProxy().heal();

            await().atMost(PATIENCE).until(() -> source.cursor().equals((2 + LATER + NEW_TOPICS) + " {}{}"));
            assertThat(topic.labelsNow()).as("the key is parked").containsExactly("first");
            assertThat(source.value("SELECT string_agg(outbox_seq || ' ' || reason, ', ' ORDER BY outbox_seq) "
                            + "FROM dead_letter WHERE consumer = 'relay'"))
                    .isEqualTo("2 UNPUBLISHABLE, 3 PARKED, 4 PARKED, 5 PARKED, 6 PARKED");
            assertThat(relay.metric("doorbell_relay_publish_failures_total", source))
                    .isEqualTo("1.0");
        }
    }

    /**
     * Behind them come rows of topics that do not exist: the worker is busy creating those, and whatever is left to it
     * comes much later than what the producer's own thread does with the answers to the records in flight.
     */
    private void appendRefusedAndLaterOnes() throws Exception {
        try (Connection connection = source.connect()) {
            connection.setAutoCommit(false);
            TestSource.append(connection, "key", TestSource.noise("refused", REFUSED_BYTES));
            for (int i = 0; i < LATER; i++) {
                TestSource.append(connection, "key", TestSource.noise("later-" + i, RECORD_BYTES));
            }
            for (int i = 0; i < NEW_TOPICS; i++) {
                TestSource.execute(
                        connection,
                        "INSERT INTO outbox (event_id, aggregate_type, aggregate_id, event_type, topic, payload) VALUES "
                                + "(uuidv7(), 'customer', 'other', 'Changed', '" + source.name + ".new" + i
                                + "', 'x')");
            }
            connection.commit();
        }
    }
}
