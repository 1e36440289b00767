package dev.doorbell.relay;

import static dev.doorbell.relay.TestRelay.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.localstack.LocalPostgres;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** PostgreSQL down, killed and back again; on a server of its own, which the other tests do not need. */
class RelayOutageTest {
    private static LocalPostgres server;

    @BeforeAll
    static void start() {
        server = LocalPostgres.start(LocalPostgres.Options.defaults().withSetting("max_prepared_transactions", "10"));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private final TestSource source = TestSource.migratedOn(() -> server);

    @Test
    void aSourceWhoseDatabaseIsDownAtTheStartHoldsUpNoOtherAndIsTakenWhenItComesUp() throws Exception {
        TestSource good = TestSource.migrated();
        source.append("a", "waiting");
        server.stop();
        boolean stopped = true;
        try (TestRelay relay = TestRelay.start(source, good);
                TestTopic topic = new TestTopic(good)) {
            good.append("a", "fine");
            topic.awaitPayloads("fine");
            await().atMost(PATIENCE)
                    .until(() -> String.valueOf(relay.check(source).getString("detail"))
                            .startsWith("unreachable"));
            assertThat(relay.check(good).getString("status")).isEqualTo("up");
            server.startAgain();
            stopped = false;
            try (TestTopic mended = new TestTopic(source)) {
                mended.awaitPayloads("waiting");
            }
        } finally {
            if (stopped) {
                server.startAgain();
            }
        }
    }

    @Test
    void aDatabaseThatIsKilledInMidWorkCostsNothingButRepeats() throws Exception {
        source.appendMany("before", 3_000);
        // Small steps, so that the end of the server comes in the middle.
        try (TestRelay relay = TestRelay.start(
                        Map.of("RELAY_BATCH_EVENTS_MAX", "20", "RELAY_IN_FLIGHT_BATCHES_MAX", "2"), source);
                TestTopic topic = new TestTopic(source)) {
            topic.awaitPayloads("before-100");
            server.kill();
            server.startAgain();
            source.appendMany("after", 3_000);
            List<ConsumerRecord<byte[], byte[]>> records =
                    topic.awaitAll(RelayLeadershipTest.payloads("before", "after"));
            TestTopic.assertFirstOccurrencesInOrder(records);
            await().atMost(PATIENCE).until(() -> source.cursor().matches("\\d{4} \\{}\\{}"));
            assertThat(relay.metric("doorbell_relay_reconnects_total", source)).isNotEqualTo("0.0");
            assertThat(relay.metric("doorbell_relay_late_events_total", source)).isEqualTo("0.0");
        }
    }

    /** After a crash its transaction has neither a session nor the name under which it was noted. */
    @Test
    void aPreparedTransactionKeepsItsGapOpenAcrossACrashOfTheServer() throws Exception {
        source.execute("DROP TRIGGER outbox_ring ON outbox");
        try (TestRelay relay = TestRelay.start(source.withoutTrigger(Map.of()), source);
                TestTopic topic = new TestTopic(source);
                Connection twoPhase = source.transaction("slow", "late")) {
            source.append("quick", "early");
            topic.awaitPayloads("early");
            await().atMost(PATIENCE).until(() -> source.cursor().equals("2 {1}{1}"));
            source.awaitLook();
            TestSource.execute(twoPhase, "PREPARE TRANSACTION '" + source.name + "'");
            server.kill();
            server.startAgain();
            assertThat(source.value("SELECT virtualtransaction FROM pg_locks "
                            + "WHERE relation = 'outbox'::regclass AND mode = 'RowExclusiveLock'"))
                    .startsWith("-1/");
            source.append("quick", "during");
            topic.awaitPayloads("during");
            source.awaitLook();
            source.awaitLook();
            source.awaitLook();
            assertThat(source.cursor())
                    .as("gap 1, and perhaps what the crash skipped")
                    .matches("\\d+ \\{1[,}].*");
            source.execute("COMMIT PREPARED '" + source.name + "'");
            topic.awaitPayloads("late");
            await().atMost(PATIENCE).until(() -> source.cursor().matches("\\d+ \\{}\\{}"));
            assertThat(relay.metric("doorbell_relay_late_events_total", source)).isEqualTo("0.0");
        }
    }
}
