package dev.doorbell.relay;

import static dev.doorbell.relay.TestRelay.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What stands in the stored cursor at any moment is what a crash at that moment leaves. */
class RelayCursorTest {
    private final TestSource source = TestSource.migrated();

    /** The row of gap 1 is on its way to Kafka when the end of gap 3 makes the cursor be written. */
    @Test
    void aGapIsStoredUntilKafkaHasItsRow() throws Exception {
        try (TestRelay relay = TestRelay.start(Map.of("RELAY_DELIVERY_TIMEOUT_MS", "20000"), source);
                TestTopic topic = new TestTopic(source);
                Connection slow = source.transaction("slow", "late")) {
            source.append("quick", "early");
            topic.awaitPayloads("early");
            try (Connection failing = source.transaction("failing", "never")) {
                source.append("quick", "behind both gaps");
                topic.awaitPayloads("behind both gaps");
                await().atMost(PATIENCE).until(() -> source.cursor().equals("4 {1,3}{1,3}"));
                try (FrozenBroker broker = new FrozenBroker()) {
                    slow.commit();
                    await().atMost(PATIENCE)
                            .until(() -> relay.metric("doorbell_relay_batches_in_flight", source)
                                    .equals("1.0"));
                    failing.rollback();
                    await().atMost(PATIENCE).until(() -> !source.cursor().equals("4 {1,3}{1,3}"));
                    assertThat(source.cursor())
                            .as("gap 3 is dead, the row of gap 1 is read and not acknowledged")
                            .isEqualTo("4 {1}{1}");
                    assertThat(broker).isNotNull();
                }
            }
            topic.awaitPayloads("late");
            await().atMost(PATIENCE).until(() -> source.cursor().equals("4 {}{}"));
        }
    }

    /** What a crash repeats is bounded by that, also while the relay is awake for long. */
    @Test
    void theCursorFollowsWhatKafkaHas() throws Exception {
        try (TestRelay relay = TestRelay.start(Map.of("RELAY_LINGER_MS", "10000"), source);
                TestTopic topic = new TestTopic(source)) {
            relay.awaitLeading(source);
            source.append("a", "awake");
            topic.awaitPayloads("awake");
            await("the cursor is stored by a relay that is awake")
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> source.cursor().equals("1 {}{}"));
        }
    }

    /**
     * The cursor cannot be written, and the session ends over it. Had the poisonous row been kept first, the row before it,
     * which Kafka has, would be read again and be parked behind it.
     */
    @Test
    void theCursorIsStoredBeforeADeadLetterParksItsKey() throws Exception {
        try (Connection reader = source.connect();
                TestTopic topic = new TestTopic(source)) {
            reader.setAutoCommit(false);
            TestSource.execute(reader, "SELECT FROM outbox_cursor FOR UPDATE");
            try (TestRelay relay = TestRelay.start(Map.of("RELAY_RECORD_BYTES_MAX", "4000"), source)) {
                relay.awaitLeading(source);
                source.execute("BEGIN; " + insert("before") + insert("x".repeat(5_000)) + insert("behind") + "COMMIT");
                topic.awaitPayloads("before");
                // The next session leads when the one before, with all that it was still to do, is gone.
                await().atMost(PATIENCE)
                        .until(() -> !relay.metric("doorbell_relay_reconnects_total", source)
                                        .equals("0.0")
                                && relay.metric("doorbell_relay_leader", source).equals("1.0"));
                reader.rollback();
                await().atMost(PATIENCE).until(() -> source.cursor().equals("3 {}{}"));
                assertThat(source.value("SELECT string_agg(outbox_seq || ' ' || reason, ', ' ORDER BY outbox_seq) "
                                + "FROM dead_letter"))
                        .isEqualTo("2 UNPUBLISHABLE, 3 PARKED");
            }
        }
    }

    private static String insert(String payload) {
        return "INSERT INTO outbox (event_id, aggregate_type, aggregate_id, event_type, payload) "
                + "VALUES (uuidv7(), 'customer', 'poisoned', 'Changed', '" + payload + "'); ";
    }
}
