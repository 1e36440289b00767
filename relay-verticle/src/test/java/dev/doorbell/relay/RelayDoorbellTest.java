package dev.doorbell.relay;

import static dev.doorbell.relay.TestRelay.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Writers that saw the relay awake, and end when it goes to sleep. They ring nobody, no poll comes, and whatever the
 * relay overlooks stays where it is.
 */
class RelayDoorbellTest {
    /** With a heartbeat every 2 s, which is when gaps that were given up are looked into. */
    private static final Map<String, String> LOOKING_BACK =
            Map.of("RELAY_FALLBACK_POLL_MS", "600000", "RELAY_SESSION_TIMEOUT_MS", "8000", "RELAY_LINGER_MS", "400");

    private final TestSource source = TestSource.migrated();

    @ParameterizedTest
    @ValueSource(strings = {"READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"})
    void aWriterThatIsOpenWhileTheRelayGoesToSleepIsWaitedFor(String isolation) throws SQLException {
        try (Doze doze = new Doze(source);
                Connection writer = source.connect();
                TestRelay relay = TestRelay.start(Doze.RUNG_ONLY, source);
                TestTopic topic = new TestTopic(source);
                Bell bell = new Bell(source)) {
            relay.awaitLeading(source);
            writer.setAutoCommit(false);
            doze.awaitAsleep(relay);
            TestSource.execute(writer, "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL " + isolation);
            writer.commit();
            // The snapshot is older than the relay's waking: a flag in a table would be seen as it was then.
            TestSource.value(writer, "SELECT count(*) FROM outbox");
            doze.whileAwake(relay, () -> TestSource.append(writer, "a", "silent"), writer::rollback);
            doze.assertStaysUp(relay);
            writer.commit();
            topic.awaitPayloads("silent");
            doze.awaitAsleep(relay);
            assertThat(bell.rung()).as("rings, but for the test's own").isZero();
        }
    }

    /** The lower seq is a gap when it comes last, the higher one lies above the mark. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void twoOpenWritersMayEndInEitherOrder(boolean lowerFirst) throws SQLException {
        try (Doze doze = new Doze(source);
                Connection lower = source.connect();
                Connection higher = source.connect();
                TestRelay relay = TestRelay.start(Doze.RUNG_ONLY, source);
                TestTopic topic = new TestTopic(source)) {
            relay.awaitLeading(source);
            lower.setAutoCommit(false);
            higher.setAutoCommit(false);
            doze.whileAwake(
                    relay,
                    () -> {
                        TestSource.append(lower, "a", "lower");
                        TestSource.append(higher, "b", "higher");
                    },
                    () -> {
                        lower.rollback();
                        higher.rollback();
                    });
            doze.assertStaysUp(relay);
            (lowerFirst ? lower : higher).commit();
            topic.awaitPayloads(lowerFirst ? "lower" : "higher");
            doze.assertStaysUp(relay);
            (lowerFirst ? higher : lower).commit();
            topic.awaitPayloads("lower", "higher");
            doze.awaitAsleep(relay);
            assertThat(relay.metric("doorbell_relay_late_events_total", source)).isEqualTo("0.0");
        }
    }

    @Test
    void aWriterThatRollsBackDoesNotEndTheWaitForTheOther() throws SQLException {
        try (Doze doze = new Doze(source);
                Connection failing = source.connect();
                Connection writer = source.connect();
                TestRelay relay = TestRelay.start(Doze.RUNG_ONLY, source);
                TestTopic topic = new TestTopic(source)) {
            relay.awaitLeading(source);
            failing.setAutoCommit(false);
            writer.setAutoCommit(false);
            doze.whileAwake(
                    relay,
                    () -> {
                        TestSource.append(failing, "a", "never");
                        TestSource.append(writer, "b", "silent");
                    },
                    () -> {
                        failing.rollback();
                        writer.rollback();
                    });
            doze.assertStaysUp(relay);
            failing.rollback();
            doze.assertStaysUp(relay);
            writer.commit();
            topic.awaitPayloads("silent");
        }
    }

    /** Gone when the relay looks, it is in nobody's note, and committed after the relay's last read. */
    @Test
    void aWriterThatEndsJustBeforeTheLookIsRead() throws SQLException {
        try (Doze doze = new Doze(source);
                Connection writer = source.connect();
                AtLook atLook = new AtLook();
                TestRelay relay = TestRelay.start(atLook::before, Doze.RUNG_ONLY, source);
                TestTopic topic = new TestTopic(source)) {
            relay.awaitLeading(source);
            writer.setAutoCommit(false);
            doze.whileAwake(
                    relay,
                    () -> {
                        TestSource.append(writer, "a", "silent");
                        atLook.then(writer::commit);
                    },
                    () -> {
                        atLook.then(() -> {});
                        writer.rollback();
                    });
            topic.awaitPayloads("silent");
        }
    }

    /** In nobody's note, because it begins when the relay has looked: it must find AWAKE free, and ring. */
    @Test
    void aWriterThatBeginsJustAfterTheLookRings() throws SQLException {
        try (Doze doze = new Doze(source);
                Connection writer = source.connect();
                AtLook atLook = new AtLook();
                TestRelay relay = TestRelay.start(atLook::after, Doze.RUNG_ONLY, source);
                TestTopic topic = new TestTopic(source)) {
            relay.awaitLeading(source);
            doze.awaitAsleep(relay);
            writer.setAutoCommit(false);
            atLook.then(() -> TestSource.append(writer, "a", "rings"));
            doze.wake();
            doze.awaitAsleep(relay);
            atLook.awaitDone();
            writer.commit();
            topic.awaitPayloads("rings");
        }
    }

    @Test
    void aWriterThatHasDrawnItsSeqAndHasNoTransactionIdIsWaitedFor() throws SQLException {
        source.append("a", "first");
        try (Doze doze = new Doze(source);
                RowGate gate = new RowGate(source);
                TestRelay relay = TestRelay.start(Doze.RUNG_ONLY, source);
                TestTopic topic = new TestTopic(source)) {
            topic.awaitPayloads("first");
            doze.awaitAsleep(relay);
            doze.wake();
            gate.write("gated");
            gate.assertHasNoTransactionId();
            source.append("b", "behind");
            topic.awaitPayloads("behind");
            doze.assertStaysUp(relay);
            assertThat(source.cursor()).as("2 is open").isEqualTo("3 {2}{2}");
            gate.open();
            topic.awaitPayloads("gated");
            await().atMost(PATIENCE).until(() -> source.cursor().equals("3 {}{}"));
            assertThat(relay.metric("doorbell_relay_late_events_total", source)).isEqualTo("0.0");
        }
    }

    @Test
    void aWriterWhoseSavepointWasRolledBackIsWaitedForAndRingsAgain() throws SQLException {
        try (Doze doze = new Doze(source);
                Connection writer = source.connect();
                TestRelay relay = TestRelay.start(Doze.RUNG_ONLY, source);
                TestTopic topic = new TestTopic(source)) {
            relay.awaitLeading(source);
            writer.setAutoCommit(false);
            doze.whileAwake(
                    relay,
                    () -> {
                        TestSource.append(writer, "a", "before");
                        TestSource.execute(writer, "SAVEPOINT s");
                        TestSource.append(writer, "a", "undone");
                        TestSource.execute(writer, "ROLLBACK TO s");
                    },
                    writer::rollback);
            doze.assertStaysUp(relay);
            writer.commit();
            topic.awaitPayloads("before");

            // All of its locks on the table go with the savepoint, and it writes again when the relay sleeps.
            doze.whileAwake(
                    relay,
                    () -> {
                        TestSource.execute(writer, "SAVEPOINT s");
                        TestSource.append(writer, "a", "undone");
                        TestSource.execute(writer, "ROLLBACK TO s");
                    },
                    writer::rollback);
            doze.awaitUnlocked();
            TestSource.append(writer, "a", "after");
            writer.commit();
            topic.awaitPayloads("after");
            assertThat(topic.payloadsNow()).containsExactlyInAnyOrder("before", "after");
        }
    }

    @Test
    void aWriterThroughAPartitionedParentIsWaitedForAndRings() throws SQLException {
        String trigger = source.value("SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'outbox_ring'");
        source.execute("ALTER TABLE outbox RENAME TO plain");
        source.execute(
                "CREATE TABLE outbox (LIKE plain INCLUDING DEFAULTS, PRIMARY KEY (seq)) PARTITION BY RANGE (seq)");
        source.execute("ALTER TABLE outbox ALTER seq ADD GENERATED ALWAYS AS IDENTITY (CACHE 1)");
        source.execute("CREATE TABLE outbox_1 PARTITION OF outbox FOR VALUES FROM (0) TO (2)");
        source.execute("CREATE TABLE outbox_rest PARTITION OF outbox DEFAULT");
        source.execute(trigger);
        try (Doze doze = new Doze(source);
                Connection writer = source.connect();
                TestRelay relay = TestRelay.start(Doze.RUNG_ONLY, source);
                TestTopic topic = new TestTopic(source)) {
            relay.awaitLeading(source);
            writer.setAutoCommit(false);
            doze.whileAwake(relay, () -> TestSource.append(writer, "a", "silent"), writer::rollback);
            doze.assertStaysUp(relay);
            writer.commit();
            topic.awaitPayloads("silent");
            doze.awaitAsleep(relay);
            source.append("a", "rings");
            topic.awaitPayloads("rings");
        }
    }

    /** PREPARE is possible for it, because it has not notified. */
    @Test
    void aPreparedWriterIsWaitedFor() throws SQLException {
        try (Doze doze = new Doze(source);
                Connection writer = source.connect();
                TestRelay relay = TestRelay.start(Doze.RUNG_ONLY, source);
                TestTopic topic = new TestTopic(source)) {
            relay.awaitLeading(source);
            writer.setAutoCommit(false);
            doze.whileAwake(relay, () -> TestSource.append(writer, "a", "prepared"), writer::rollback);
            doze.awaitUnlocked();
            TestSource.execute(writer, "PREPARE TRANSACTION '" + source.name + "'");
            doze.assertStaysUp(relay);
            source.execute("COMMIT PREPARED '" + source.name + "'");
            topic.awaitPayloads("prepared");
        }
    }

    @Test
    void aWriterFromBeforeTheRelayIsWaitedFor() throws SQLException {
        try (Doze doze = new Doze(source);
                Bell bell = new Bell(source);
                Connection writer = source.transaction("a", "silent");
                TestRelay relay = TestRelay.start(Doze.RUNG_ONLY, source);
                TestTopic topic = new TestTopic(source)) {
            relay.awaitLeading(source);
            doze.assertStaysUp(relay);
            writer.commit();
            topic.awaitPayloads("silent");
            assertThat(bell.rung()).isZero();
        }
    }

    @Test
    void aNotificationEndsTheAttemptAndTheNextOneWaitsToo() throws SQLException {
        try (Doze doze = new Doze(source);
                Connection writer = source.connect();
                TestRelay relay = TestRelay.start(Doze.RUNG_ONLY, source);
                TestTopic topic = new TestTopic(source)) {
            relay.awaitLeading(source);
            writer.setAutoCommit(false);
            doze.whileAwake(relay, () -> TestSource.append(writer, "a", "silent"), writer::rollback);
            for (int i = 1; i <= 3; i++) {
                doze.assertStaysUp(relay);
                double endedBefore = doze.counted(relay, "doorbell_relay_sleeps_ended_early_total", "");
                source.append("b", "rings-" + i);
                topic.awaitPayloads("rings-" + i);
                assertThat(doze.counted(relay, "doorbell_relay_sleeps_ended_early_total", ""))
                        .isEqualTo(endedBefore + 1);
            }
            doze.assertStaysUp(relay);
            writer.commit();
            topic.awaitPayloads("silent");
            doze.awaitAsleep(relay);
        }
    }

    /** The negative control: it sleeps beside an open writer, whose event is then lost until somebody rings. */
    @Test
    void aBarrierOnTheSnapshotLosesAnEvent() throws SQLException {
        for (int i = 1; i <= 3; i++) {
            // Any transaction of the server that ends in the meantime moves xmax past the writer, and saves it.
            if (losesAnEvent(TestSource.migrated())) {
                return;
            }
        }
        assertThat(3).as("tries in none of which an event was lost").isZero();
    }

    private static boolean losesAnEvent(TestSource source) throws SQLException {
        try (Doze doze = new Doze(source);
                Connection watching = source.connect();
                Connection writer = source.connect();
                TestRelay relay = TestRelay.start(
                        session -> new WrongWatch(watching, session, "SELECT 1"), Doze.RUNG_ONLY, source);
                TestTopic topic = new TestTopic(source)) {
            relay.awaitLeading(source);
            writer.setAutoCommit(false);
            doze.whileAwake(relay, () -> TestSource.append(writer, "a", "silent"), writer::rollback);
            boolean sleptBesideIt = doze.happensWithin(2_000, () -> doze.asleep(relay));
            writer.commit();
            boolean lost = sleptBesideIt
                    && !doze.happensWithin(500, () -> !source.cursor().startsWith("0 "));
            source.ring();
            topic.awaitPayloads("silent");
            return lost;
        }
    }

    /** The negative control for gaps: a writer without an id is taken for gone, and its row comes late. */
    @Test
    void aBarrierOnAFreshTransactionIdGivesUpTheGapOfAWriter() throws SQLException {
        source.append("a", "first");
        try (Doze doze = new Doze(source);
                Connection watching = source.connect();
                RowGate gate = new RowGate(source);
                TestRelay relay = TestRelay.start(
                        session -> new WrongWatch(watching, session, WrongWatch.FRESH_ID), LOOKING_BACK, source);
                TestTopic topic = new TestTopic(source)) {
            topic.awaitPayloads("first");
            gate.write("gated");
            gate.assertHasNoTransactionId();
            source.append("b", "behind");
            topic.awaitPayloads("behind");
            await("a gap that is given up though its writer is open")
                    .atMost(PATIENCE)
                    .until(() -> source.cursor().equals("3 {}{}"));
            assertThat(doze.asleep(relay)).isFalse();
            gate.open();
            topic.awaitPayloads("gated");
            await("an event that comes too late")
                    .atMost(PATIENCE)
                    .until(() -> relay.metric("doorbell_relay_late_events_total", source)
                            .equals("1.0"));
        }
    }
}
