package dev.doorbell.relay;

import static dev.doorbell.relay.TestRelay.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RelayGapTest {
    private static final Map<String, String> POLL_OFTEN = Map.of("RELAY_FALLBACK_POLL_MS", "100");

    private final TestSource source = TestSource.migrated();

    @Test
    void publishesALateCommitBehindALaterSeqAndForgetsARolledBackOne() throws SQLException {
        try (TestRelay relay = TestRelay.start(source);
                TestTopic topic = new TestTopic(source);
                Connection slow = transaction("slow", "late");
                Connection failing = transaction("failing", "never")) {
            source.append("quick", "early");
            topic.awaitPayloads("early");
            await().atMost(PATIENCE).until(() -> source.cursor().equals("3 {1}{2}"));
            failing.rollback();
            slow.commit();
            topic.awaitPayloads("late");
            await().atMost(PATIENCE).until(() -> source.cursor().equals("3 {}{}"));
            assertThat(topic.payloadsNow()).containsExactlyInAnyOrder("early", "late");
            assertThat(relay.metric("doorbell_relay_late_events_total", source)).isEqualTo("0.0");
        }
    }

    @Test
    void aGapOutlivesTheRelay() throws SQLException {
        try (TestTopic topic = new TestTopic(source);
                Connection slow = transaction("slow", "late")) {
            try (TestRelay relay = TestRelay.start(source)) {
                source.append("quick", "early");
                topic.awaitPayloads("early");
                relay.awaitLeading(source);
            }
            assertThat(source.cursor()).isEqualTo("2 {1}{1}");
            slow.commit();
            try (TestRelay next = TestRelay.start(source)) {
                topic.awaitPayloads("late");
                await().atMost(PATIENCE).until(() -> source.cursor().equals("2 {}{}"));
                assertThat(next.metric("doorbell_relay_late_events_total", source))
                        .isEqualTo("0.0");
            }
        }
    }

    @Test
    void aSlowWriterKeepsItsGapOpenHoweverManyComeAndGo() throws SQLException {
        try (TestRelay relay = TestRelay.start(POLL_OFTEN, source);
                TestTopic topic = new TestTopic(source);
                Connection slow = transaction("slow", "late")) {
            for (int i = 1; i <= 5; i++) {
                try (Connection failing = transaction("failing", "never")) {
                    source.append("quick", "quick-" + i);
                    source.awaitLook();
                    failing.rollback();
                }
                source.awaitLook();
            }
            assertThat(source.cursor()).matches("\\d+ \\{1,.*");
            slow.commit();
            topic.awaitPayloads("late");
            await().atMost(PATIENCE).until(() -> source.cursor().matches("\\d+ \\{}\\{}"));
            assertThat(relay.metric("doorbell_relay_late_events_total", source)).isEqualTo("0.0");
        }
    }

    @Test
    void aPreparedTransactionKeepsItsGapOpen() throws SQLException {
        // NOTIFY and PREPARE exclude each other: two-phase writers need a source without the trigger.
        source.execute("DROP TRIGGER outbox_ring ON outbox");
        try (TestRelay relay = TestRelay.start(POLL_OFTEN, source);
                TestTopic topic = new TestTopic(source);
                Connection twoPhase = transaction("slow", "late")) {
            source.append("quick", "early");
            topic.awaitPayloads("early");
            await().atMost(PATIENCE).until(() -> source.cursor().equals("2 {1}{1}"));
            // So that the writer is noted before it loses its session.
            source.awaitLook();
            source.awaitLook();
            TestSource.execute(twoPhase, "PREPARE TRANSACTION '" + source.name + "'");
            for (int i = 1; i <= 4; i++) {
                source.append("quick", "during-" + i);
                topic.awaitPayloads("during-" + i);
                source.awaitLook();
            }
            assertThat(source.cursor()).endsWith(" {1}{1}");
            source.execute("COMMIT PREPARED '" + source.name + "'");
            topic.awaitPayloads("late");
            await().atMost(PATIENCE).until(() -> source.cursor().matches("\\d+ \\{}\\{}"));
            assertThat(relay.metric("doorbell_relay_late_events_total", source)).isEqualTo("0.0");
        }
    }

    @Test
    void aRowInAGivenUpGapIsPublishedAndRaisesTheAlarm() throws SQLException {
        try (TestRelay relay = TestRelay.start(POLL_OFTEN, source);
                TestTopic topic = new TestTopic(source)) {
            try (Connection failing = transaction("failing", "never")) {
                source.append("quick", "early");
                failing.rollback();
            }
            topic.awaitPayloads("early");
            await().atMost(PATIENCE).until(() -> source.cursor().equals("2 {}{}"));
            source.execute("INSERT INTO outbox (seq, event_id, aggregate_type, aggregate_id, event_type, payload) "
                    + "OVERRIDING SYSTEM VALUE VALUES (1, uuidv7(), 'customer', 'x', 'Changed', 'restored')");
            topic.awaitPayloads("restored");
            await().atMost(PATIENCE)
                    .until(() -> relay.metric("doorbell_relay_late_events_total", source)
                            .equals("1.0"));
        }
    }

    private Connection transaction(String aggregateId, String payload) throws SQLException {
        Connection connection = source.connect();
        connection.setAutoCommit(false);
        TestSource.append(connection, aggregateId, payload);
        return connection;
    }
}
