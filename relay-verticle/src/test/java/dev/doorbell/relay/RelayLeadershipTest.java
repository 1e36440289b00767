package dev.doorbell.relay;

import static dev.doorbell.relay.TestRelay.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class RelayLeadershipTest {
    private static final String LEADER_PID =
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = " + LockSql.LEADER + " "
                    + "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    private static final String RELAY_SESSIONS = "SELECT state || ' ' || query FROM pg_stat_activity "
            + "WHERE application_name = 'doorbell-relay' AND datname = current_database()";

    private final TestSource source = TestSource.migrated();

    @Test
    void oneLeadsAndTheOtherTakesOverWhenItsSessionIsKilled() throws Exception {
        try (TestRelay first = TestRelay.start(source);
                TestTopic topic = new TestTopic(source)) {
            first.awaitLeading(source);
            try (TestRelay second = TestRelay.start(source)) {
                await().atMost(PATIENCE)
                        .until(() -> second.check(source).getString("status").equals("up"));
                assertThat(second.metric("doorbell_relay_leader", source)).isEqualTo("0.0");

                source.appendMany("before", 3_000);
                String killed = source.value(LEADER_PID);
                source.value("SELECT pg_terminate_backend(" + killed + ")");
                source.appendMany("after", 3_000);

                List<ConsumerRecord<byte[], byte[]>> records = topic.awaitAll(payloads("before", "after"));
                TestTopic.assertFirstOccurrencesInOrder(records);
                await().atMost(PATIENCE).until(() -> {
                    String leader = source.value(LEADER_PID);
                    return leader != null && !leader.equals(killed);
                });
                await().atMost(PATIENCE).until(() -> source.cursor().equals("6000 {}{}"));
                await().atMost(PATIENCE)
                        .until(() -> first.metric("doorbell_relay_reconnects_total", source)
                                .equals("1.0"));
                assertThat(leaders(first, second)).isEqualTo(1);
            }
        }
    }

    @Test
    void aStandbyTakesOverWhenTheLeaderStops() throws Exception {
        TestRelay first = TestRelay.start(source);
        first.awaitLeading(source);
        // It asks, and does not just begin anew when its idle session is ended.
        try (TestRelay second = TestRelay.start(Map.of("RELAY_SESSION_TIMEOUT_MS", "60000"), source);
                TestTopic topic = new TestTopic(source)) {
            await().atMost(PATIENCE)
                    .until(() -> second.check(source).getString("status").equals("up"));
            first.close();
            second.awaitLeading(source);
            source.append("a", "x");
            topic.awaitPayloads("x");
        }
    }

    @Test
    void aStandbyPinsNoSnapshot() throws SQLException {
        try (TestRelay first = TestRelay.start(source)) {
            first.awaitLeading(source);
            try (TestRelay second = TestRelay.start(source);
                    Connection connection = source.connect()) {
                await("a session that asks for the lock")
                        .atMost(PATIENCE)
                        .until(() ->
                                TestSource.value(connection, RELAY_SESSIONS + " AND query LIKE '%AS leader%'") != null);
                // Four times it asks; a session that waited for the lock would be active, with its xmin, all the time.
                await("sessions that hold a snapshot")
                        .atMost(PATIENCE)
                        .during(Duration.ofSeconds(1))
                        .failFast(
                                "sessions that hold a snapshot",
                                () -> TestSource.value(
                                                connection,
                                                RELAY_SESSIONS + " AND backend_xmin IS NOT NULL "
                                                        + "AND clock_timestamp() - query_start > interval '300 ms'")
                                        != null)
                        .until(() -> true);
                assertThat(second.check(source).getString("status")).isEqualTo("up");
                assertThat(second.metric("doorbell_relay_leader", source)).isEqualTo("0.0");
            }
        }
    }

    private int leaders(TestRelay... relays) {
        int leaders = 0;
        for (TestRelay relay : relays) {
            leaders += relay.metric("doorbell_relay_leader", source).equals("1.0") ? 1 : 0;
        }
        return leaders;
    }

    static Set<String> payloads(String... prefixes) {
        return IntStream.rangeClosed(1, 3_000)
                .boxed()
                .flatMap(i -> java.util.Arrays.stream(prefixes).map(prefix -> prefix + "-" + i))
                .collect(Collectors.toSet());
    }
}
