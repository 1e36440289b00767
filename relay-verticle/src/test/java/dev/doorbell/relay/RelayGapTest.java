package dev.doorbell.relay;

import static dev.doorbell.relay.TestRelay.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RelayGapTest {
    private static final Map<String, String> POLL_OFTEN = Map.of("RELAY_FALLBACK_POLL_MS", "100");
    /** Only what a test does itself, and a look at the gaps, makes this relay read. */
    private static final Map<String, String> NEITHER_POLL_NOR_HEARTBEAT =
            Map.of("RELAY_FALLBACK_POLL_MS", "600000", "RELAY_SESSION_TIMEOUT_MS", "60000");

    private final TestSource source = TestSource.migrated();

    @Test
    void publishesALateCommitBehindALaterSeqAndForgetsARolledBackOne() throws SQLException {
        try (TestRelay relay = TestRelay.start(source);
                TestTopic topic = new TestTopic(source);
                Connection slow = source.transaction("slow", "late");
                Connection failing = source.transaction("failing", "never")) {
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
                Connection slow = source.transaction("slow", "late")) {
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
        try (TestRelay relay = TestRelay.start(source);
                TestTopic topic = new TestTopic(source);
                Connection slow = source.transaction("slow", "late")) {
            for (int i = 1; i <= 3; i++) {
                try (Connection failing = source.transaction("failing", "never")) {
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

    /**
     * The writer's lock is gone and its row is there, but no read has seen it yet: a look at the locks settles nothing.
     * This relay takes somebody for open for ever, so that on its way to sleep it waits and does not read.
     */
    @Test
    void aGapIsGivenUpOnlyByASnapshotThatIsNewerThanItsWriters() throws SQLException {
        source.execute("DROP TRIGGER outbox_ring ON outbox");
        Map<String, String> settings = new HashMap<>(source.withoutTrigger(NEITHER_POLL_NOR_HEARTBEAT));
        settings.put("RELAY_LINGER_MS", "1");
        try (TestRelay relay = TestRelay.start(NeverAlone::new, settings, source);
                TestTopic topic = new TestTopic(source)) {
            relay.awaitLeading(source);
            for (int i = 1; i <= 3; i++) {
                try (Connection slow = source.transaction("slow", "late-" + i)) {
                    source.append("quick", "early-" + i);
                    source.ring();
                    topic.awaitPayloads("early-" + i);
                    source.awaitLook();
                    slow.commit();
                }
                String settled = 2 * i + " {}{}";
                await().atMost(PATIENCE).until(() -> source.cursor().equals(settled));
                assertThat(relay.metric("doorbell_relay_events_published_total", source))
                        .as("events published when the gap is closed")
                        .isEqualTo(2 * i + ".0");
            }
        }
    }

    private record NeverAlone(RelaySession session) implements WriterWatch {
        @Override
        public Future<Set<String>> openWriters() {
            return Future.succeededFuture(Set.of("somebody"));
        }

        @Override
        public Future<Set<String>> gapWriters() {
            return session.gapWriters();
        }
    }

    @Test
    void aLaterGapWaitsForItsOwnWriters() throws SQLException {
        try (TestRelay relay = TestRelay.start(source);
                TestTopic topic = new TestTopic(source);
                Connection first = source.transaction("first", "never")) {
            source.append("quick", "behind the first");
            topic.awaitPayloads("behind the first");
            source.awaitLook();
            try (Connection second = source.transaction("second", "late")) {
                source.append("quick", "behind the second");
                topic.awaitPayloads("behind the second");
                first.rollback();
                await().atMost(PATIENCE).until(() -> !source.cursor().contains("{1"));
                assertThat(source.cursor()).as("2 is published, 3 is open").isEqualTo("4 {3}{3}");
                second.commit();
            }
            topic.awaitPayloads("late");
            await().atMost(PATIENCE).until(() -> source.cursor().equals("4 {}{}"));
            assertThat(relay.metric("doorbell_relay_late_events_total", source)).isEqualTo("0.0");
        }
    }

    @Test
    void aPreparedTransactionKeepsItsGapOpen() throws SQLException {
        // NOTIFY and PREPARE exclude each other: two-phase writers need a source without the trigger.
        source.execute("DROP TRIGGER outbox_ring ON outbox");
        try (TestRelay relay = TestRelay.start(source.withoutTrigger(NEITHER_POLL_NOR_HEARTBEAT), source);
                TestTopic topic = new TestTopic(source);
                Connection twoPhase = source.transaction("slow", "late")) {
            relay.awaitLeading(source);
            source.append("quick", "early");
            source.ring();
            topic.awaitPayloads("early");
            await().atMost(PATIENCE).until(() -> source.cursor().equals("2 {1}{1}"));
            // So that the writer is noted before it loses its session.
            source.awaitLook();
            source.awaitLook();
            TestSource.execute(twoPhase, "PREPARE TRANSACTION '" + source.name + "'");
            for (int i = 1; i <= 3; i++) {
                source.append("quick", "during-" + i);
                source.ring();
                topic.awaitPayloads("during-" + i);
                source.awaitLook();
            }
            assertThat(source.cursor()).endsWith(" {1}{1}");
            source.execute("COMMIT PREPARED '" + source.name + "'");
            source.ring();
            topic.awaitPayloads("late");
            await().atMost(PATIENCE).until(() -> source.cursor().matches("\\d+ \\{}\\{}"));
            assertThat(relay.metric("doorbell_relay_late_events_total", source)).isEqualTo("0.0");
        }
    }

    @Test
    void aRowInAGivenUpGapIsPublishedAndRaisesTheAlarm() throws SQLException {
        try (TestRelay relay = TestRelay.start(POLL_OFTEN, source);
                TestTopic topic = new TestTopic(source)) {
            try (Connection failing = source.transaction("failing", "never")) {
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
}
