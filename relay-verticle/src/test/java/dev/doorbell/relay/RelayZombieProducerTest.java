package dev.doorbell.relay;

import static dev.doorbell.relay.TestRelay.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A term of leadership ends while its producer cannot reach Kafka. */
class RelayZombieProducerTest {
    private static final int EVENTS = 12;
    /** What was on the wire already may still arrive: that many requests are in flight at most. */
    private static final int REQUESTS_IN_FLIGHT_MAX = 5;
    /** So large that no two of them fit into a request. */
    private static final int RECORD_BYTES = 150_000;

    private final TestSource source = TestSource.migrated();

    @AfterEach
    void heal() {
        TestStack.kafkaProxy().heal();
    }

    @Test
    void theProducerOfAFormerTermSendsNothingIntoTheNext() throws Exception {
        Map<String, String> settings = Map.of("TOPIC_PARTITIONS", "1", "RELAY_DELIVERY_TIMEOUT_MS", "30000");
        try (TestRelay relay = TestRelay.start(settings, source);
                TestTopic topic = new TestTopic(source)) {
            source.append("key", "first");
            topic.awaitPayloads("first");
            await().atMost(PATIENCE).until(() -> source.cursor().equals("1 {}{}"));
            TestStack.kafkaProxy().blackHole();
            append();
            await().atMost(PATIENCE).until(() -> source.producerRequestsInFlight() > 0);
            source.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    + "WHERE application_name = 'doorbell-relay' AND datname = current_database()");
            await().atMost(PATIENCE)
                    .until(() -> relay.metric("doorbell_relay_reconnects_total", source)
                            .equals("1.0"));
            relay.awaitLeading(source);

            TestStack.kafkaProxy().heal();
            await().atMost(PATIENCE).until(() -> source.cursor().equals((1 + EVENTS) + " {}{}"));
            List<ConsumerRecord<byte[], byte[]>> records = topic.recordsNow();
            TestTopic.assertFirstOccurrencesInOrder(records);
            List<String> labels = TestTopic.labels(records);
            for (int i = REQUESTS_IN_FLIGHT_MAX + 1; i <= EVENTS; i++) {
                assertThat(Collections.frequency(labels, "x-" + i))
                        .as("x-%s in %s", i, labels)
                        .isEqualTo(1);
            }
        }
    }

    /** In one transaction, so that the producer is given all of them at once. */
    private void append() throws SQLException {
        try (Connection connection = source.connect()) {
            connection.setAutoCommit(false);
            for (int i = 1; i <= EVENTS; i++) {
                TestSource.append(connection, "key", TestSource.noise("x-" + i, RECORD_BYTES));
            }
            connection.commit();
        }
    }
}
