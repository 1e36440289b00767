package dev.doorbell.relay;

import static dev.doorbell.relay.TestRelay.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who rings when, and what wakes the relay. */
class RelayWakeUpTest {
    private static final String TRIGGER_V1 =
            "CREATE TRIGGER outbox_ring AFTER INSERT ON outbox FOR EACH STATEMENT " + "EXECUTE FUNCTION outbox_ring()";

    private static final Map<String, String> LINGERING =
            Map.of("RELAY_FALLBACK_POLL_MS", "600000", "RELAY_SESSION_TIMEOUT_MS", "60000", "RELAY_LINGER_MS", "10000");

    private static final Map<String, String> LINGERING_LITTLE =
            Map.of("RELAY_FALLBACK_POLL_MS", "600000", "RELAY_SESSION_TIMEOUT_MS", "60000", "RELAY_LINGER_MS", "2000");

    private final TestSource source = TestSource.migrated();

    /** Each on a connection that stays open: what a probe held on to would keep the relay from becoming awake. */
    @Test
    void aNotificationWakesASleepingRelay() throws SQLException {
        try (Doze doze = new Doze(source);
                Bell bell = new Bell(source);
                Connection writer = source.connect();
                TestRelay relay = TestRelay.start(Doze.RUNG_ONLY, source);
                TestTopic topic = new TestTopic(source)) {
            relay.awaitLeading(source);
            for (int i = 1; i <= 2; i++) {
                doze.awaitAsleep(relay);
                assertThat(doze.holdsAwake()).isFalse();
                TestSource.append(writer, "a", "rings-" + i);
                topic.awaitPayloads("rings-" + i);
                assertThat(bell.rung()).isEqualTo(i);
                assertThat(doze.counted(relay, "doorbell_relay_wakeups_total", "cause=\"notification\""))
                        .isEqualTo(i);
            }
            assertThat(doze.counted(relay, "doorbell_relay_polls_asleep_total", ""))
                    .as("polls asleep")
                    .isZero();
            doze.wake();
        }
    }

    /** What rang is read first: the event that woke the relay waits for the read, and nobody for the lock. */
    @Test
    void aRingIsAnsweredWithAReadBeforeTheRelayTakesAwake() throws SQLException {
        source.append("a", "first");
        try (Doze doze = new Doze(source);
                ReadGate gate = new ReadGate(source);
                TestRelay relay = TestRelay.start(gate.environment(LINGERING_LITTLE), source);
                TestTopic topic = new TestTopic(source)) {
            topic.awaitPayloads("first");
            doze.awaitAsleep(relay);
            gate.shut();
            source.append("b", "rings");
            gate.awaitReader();
            assertThat(doze.holdsAwake()).isFalse();
            // Behind the read's snapshot: it rings too, for AWAKE is still free.
            source.append("c", "rings too");
            gate.open();
            topic.awaitPayloads("rings", "rings too");
            await("a relay that is awake").atMost(PATIENCE).until(doze::holdsAwake);
            doze.awaitAsleep(relay);
        }
    }

    @Test
    void writersAreSilentWhileTheRelayIsAwake() throws SQLException {
        try (Doze doze = new Doze(source);
                Bell bell = new Bell(source);
                Connection writer = source.connect();
                TestRelay relay = TestRelay.start(LINGERING, source);
                TestTopic topic = new TestTopic(source)) {
            relay.awaitLeading(source);
            doze.wake();
            for (int i = 1; i <= 50; i++) {
                TestSource.append(writer, "a", "silent-" + i);
            }
            topic.awaitPayloads("silent-1", "silent-50");
            assertThat(bell.rung()).isZero();
            assertThat(doze.holdsAwake()).isTrue();
        }
    }

    @Test
    void writersAreSilentWhileNoRelayRunsAndTheFirstOneReadsWhatTheyWrote() throws SQLException {
        try (Bell bell = new Bell(source);
                Doze doze = new Doze(source);
                TestTopic topic = new TestTopic(source)) {
            for (int i = 1; i <= 10; i++) {
                source.append("a", "silent-" + i);
            }
            assertThat(bell.rung()).isZero();
            try (TestRelay relay = TestRelay.start(Doze.RUNG_ONLY, source)) {
                topic.awaitPayloads("silent-1", "silent-10");
                doze.awaitAsleep(relay);
            }
            source.append("a", "between");
            assertThat(bell.rung()).isZero();
            try (TestRelay relay = TestRelay.start(Doze.RUNG_ONLY, source)) {
                topic.awaitPayloads("between");
                doze.awaitAsleep(relay);
            }
        }
    }

    @Test
    void aRelayWhoseSessionIsKilledInItsSleepReadsWhatNobodyCouldRingFor() throws SQLException {
        try (Doze doze = new Doze(source);
                TestRelay relay = TestRelay.start(Doze.RUNG_ONLY, source);
                TestTopic topic = new TestTopic(source)) {
            relay.awaitLeading(source);
            for (int i = 1; i <= 2; i++) {
                doze.awaitAsleep(relay);
                source.value("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        + "WHERE application_name = 'doorbell-relay' AND datname = current_database()");
                source.append("a", "unheard-" + i);
                topic.awaitPayloads("unheard-" + i);
            }
        }
    }

    /** A probe that holds AWAKE for longer than any does. */
    @Test
    void aProbeInTheWayKeepsTheRelayFromNothingButSilence() throws SQLException {
        try (Doze doze = new Doze(source);
                Bell bell = new Bell(source);
                Connection probe = source.connect();
                TestRelay relay = TestRelay.start(Doze.RUNG_ONLY, source);
                TestTopic topic = new TestTopic(source)) {
            relay.awaitLeading(source);
            doze.awaitAsleep(relay);
            String lock = "(" + LockSql.AWAKE + ", " + LockSql.key(OutboxSql.TABLE) + ")";
            TestSource.value(probe, "SELECT pg_try_advisory_lock_shared" + lock);
            source.append("a", "collides");
            topic.awaitPayloads("collides");
            assertThat(doze.holdsAwake()).isFalse();
            doze.awaitAsleep(relay);
            source.append("a", "rings too");
            topic.awaitPayloads("rings too");
            assertThat(bell.rung()).isEqualTo(2);

            doze.awaitAsleep(relay);
            TestSource.value(probe, "SELECT pg_advisory_unlock_shared" + lock);
            doze.wake();
            doze.awaitAsleep(relay);
            source.append("a", "rings again");
            topic.awaitPayloads("rings again");
        }
    }

    @Test
    void aRelayThatMetAProbeTakesAwakeWhenThatHasGone() throws SQLException {
        try (Doze doze = new Doze(source);
                Connection probe = source.connect()) {
            String lock = "(" + LockSql.AWAKE + ", " + LockSql.key(OutboxSql.TABLE) + ")";
            TestSource.value(probe, "SELECT pg_try_advisory_lock_shared" + lock);
            try (TestRelay relay = TestRelay.start(LINGERING, source);
                    TestTopic topic = new TestTopic(source)) {
                relay.awaitLeading(source);
                source.append("a", "meanwhile");
                topic.awaitPayloads("meanwhile");
                assertThat(doze.holdsAwake()).isFalse();
                TestSource.value(probe, "SELECT pg_advisory_unlock_shared" + lock);
                await("a relay that takes AWAKE when the probe has gone")
                        .atMost(PATIENCE)
                        .until(doze::holdsAwake);
            }
        }
    }

    @Test
    void aFallbackPollFindsWhatNobodyRangFor() throws SQLException {
        source.execute("DROP TRIGGER outbox_ring ON outbox");
        try (Doze doze = new Doze(source);
                TestRelay relay =
                        TestRelay.start(source.withoutTrigger(Map.of("RELAY_FALLBACK_POLL_MS", "100")), source);
                TestTopic topic = new TestTopic(source)) {
            relay.awaitLeading(source);
            doze.awaitAsleep(relay);
            source.append("a", "polled");
            topic.awaitPayloads("polled");
            assertThat(doze.counted(relay, "doorbell_relay_wakeups_total", "cause=\"fallback_poll\""))
                    .isEqualTo(1);
            assertThat(doze.counted(relay, "doorbell_relay_polls_asleep_total", ""))
                    .as("polls asleep")
                    .isPositive();
            assertThat(doze.counted(relay, "doorbell_relay_wakeups_total", "cause=\"notification\""))
                    .isZero();
        }
    }

    @Test
    void anOutboxWithoutTheProbesIsRefusedUnlessItIsToBePolled() throws SQLException {
        TestSource plain = TestSource.migrated();
        plain.execute("DROP TRIGGER outbox_ring ON outbox");
        plain.execute(TRIGGER_V1);
        TestSource disabled = TestSource.migrated();
        disabled.execute("ALTER TABLE outbox DISABLE TRIGGER outbox_ring");
        TestSource polled = TestSource.migrated();
        polled.execute("DROP TRIGGER outbox_ring ON outbox");
        try (TestRelay relay = TestRelay.start(polled.withoutTrigger(Map.of()), source, plain, disabled, polled)) {
            relay.awaitLeading(source);
            relay.awaitLeading(polled);
            for (TestSource refused : new TestSource[] {plain, disabled}) {
                await().atMost(PATIENCE)
                        .until(() -> String.valueOf(relay.check(refused).getString("detail"))
                                .contains("no enabled trigger outbox_ring with the probes"));
            }
            disabled.execute("ALTER TABLE outbox ENABLE TRIGGER outbox_ring");
            relay.awaitLeading(disabled);
        }
    }
}
