package dev.doorbell.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Migrations;
import dev.doorbell.system.harness.Database;
import dev.doorbell.system.harness.RunningSystem;
import dev.doorbell.system.harness.ServiceJar;
import dev.doorbell.system.harness.ServiceProcess;
import dev.doorbell.system.harness.SystemExtension;
import dev.doorbell.system.harness.TopicReader;
import dev.doorbell.system.harness.Waiting;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A leader that stands still keeps its lock until PostgreSQL ends its session; a standby takes over. When the leader goes
 * on, as a zombie, it must find that it leads no more, and what it does until then may repeat events and nothing else.
 */
@ExtendWith(SystemExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FrozenLeaderIT {
    private static final int SESSION_TIMEOUT_MS = 4_000;
    /** The kernel asks a silent peer with growing pauses, so that its time-out may take twice its time. */
    private static final Duration TAKEOVER_LIMIT = Duration.ofMillis(5 * SESSION_TIMEOUT_MS);

    private static final String LEADER = "SELECT coalesce(max(pid), 0) FROM pg_locks WHERE locktype = 'advisory' "
            + "AND classid = 1146048338 AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    private final RunningSystem system;
    private final String name = "frozen" + System.nanoTime();
    private final Database database;
    private final String topic = name + ".event.customer";
    private final List<ServiceProcess> relays = new ArrayList<>();
    private ServiceProcess leader;
    private ServiceProcess standby;
    private int appended;

    FrozenLeaderIT(RunningSystem system) {
        this.system = system;
        this.database = system.createDatabase(name);
        new Migrations(DatabaseUrl.parse(system.databaseUrl(name)), null).migrate();
    }

    /** The two that a test leaves go on in the next one, in other parts. */
    @BeforeEach
    void oneLeadsAndOneStandsBy() {
        relays.removeIf(relay -> !relay.isAlive());
        while (relays.size() < 2) {
            relays.add(system.startAnother(ServiceJar.RELAY, environment()));
        }
        relays.forEach(ServiceProcess::awaitReady);
        Waiting.until("one leads and one stands by").until(() -> {
            leader = relays.get(leads(relays.get(0)) ? 0 : 1);
            standby = relays.get(leads(relays.get(0)) ? 1 : 0);
            return leads(leader) && !leads(standby) && says(standby, "standby") > 0;
        });
    }

    private Map<String, String> environment() {
        return new HashMap<>(Map.of(
                "RELAY_SOURCES",
                name + "=" + system.databaseUrl(name),
                "KAFKA_BOOTSTRAP_SERVERS",
                system.stack().kafka().bootstrapServers(),
                "RELAY_SOURCE_" + name.toUpperCase(Locale.ROOT) + "_TOPIC_TEMPLATE",
                name + ".event.{aggregate_type}",
                "RELAY_SESSION_TIMEOUT_MS",
                Integer.toString(SESSION_TIMEOUT_MS),
                "RELAY_FALLBACK_POLL_MS",
                "10",
                "RELAY_BATCH_EVENTS_MAX",
                "50"));
    }

    @AfterEach
    void thaw() {
        relays.stream().filter(ServiceProcess::isAlive).forEach(ServiceProcess::thaw);
    }

    @Test
    void aLeaderFrozenWhileItIsIdleLosesItsLeadershipAndComesBackAsAStandby() {
        append(100);
        awaitAllPublished();
        leader.freeze();
        append(100);
        awaitTakeover();
        awaitAllPublished();
        thawAndAwaitStandby();
        append(100);
        awaitAllPublished();
    }

    /** Between the acknowledgement and the cursor, with more rows in its memory that it sends as a zombie. */
    @Test
    void aLeaderFrozenWithEventsInFlightRepeatsThemAtWorst() {
        append(10);
        awaitAllPublished();
        leader.failpoint("relay.acknowledged", "freeze");
        append(1_000);
        leader.awaitFrozen();
        awaitTakeover();
        awaitAllPublished();
        Waiting.until("the new leader has stored its cursor").until(() -> cursor().startsWith(appended + " "));
        String cursor = cursor();
        thawAndAwaitStandby();
        assertThat(cursor()).as("the cursor is the new leader's").isEqualTo(cursor);
        append(100);
        awaitAllPublished();
    }

    /** The server writes to a client that does not read: only tcp_user_timeout ends such a session. */
    @Test
    void aLeaderFrozenInTheMiddleOfAResultLosesItsLeadershipToo() throws SQLException {
        append(10);
        awaitAllPublished();
        long session = database.number(LEADER);
        try (Connection writer =
                        DriverManager.getConnection(system.stack().postgres().jdbcUrl(name));
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute(insert("decode(repeat('00', 900000), 'hex')", 24));
            appended += 24;
            // Its next read waits here; what it is answered then is more than the sockets hold.
            statement.execute("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE");
            Waiting.until("the leader's session waits for the table")
                    .until(() -> waitsFor(session).startsWith("active Lock"));
            leader.freeze();
            writer.commit();
        }
        Waiting.until("the leader's session is in the middle of a result")
                .until(() -> waitsFor(session).equals("active Client ClientWrite"));
        awaitTakeover();
        append(100);
        awaitAllPublished();
        thawAndAwaitStandby();
        append(100);
        awaitAllPublished();
    }

    /** Kafka has the events, the cursor does not know of it: they are sent again, and nothing is lost. */
    @Test
    void aLeaderKilledBetweenAcknowledgementAndCursorCostsNothingButRepeats() {
        append(10);
        awaitAllPublished();
        leader.failpoint("relay.acknowledged", "kill");
        append(1_000);
        assertThat(leader.exitCode()).isEqualTo(137);
        awaitTakeover();
        awaitAllPublished();
        append(100);
        awaitAllPublished();
    }

    /** The stored cursor still has the gap: it is read again, and its row sent again. */
    @Test
    void theRowOfAGapThatKafkaHasAndTheCursorDoesNotKnowIsSentAgain() throws SQLException {
        append(10);
        awaitAllPublished();
        long gap = appended + 1;
        String stored = (gap + 10) + " {";
        try (Connection writer =
                        DriverManager.getConnection(system.stack().postgres().jdbcUrl(name));
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("INSERT INTO outbox (event_id, aggregate_type, aggregate_id, event_type, payload) "
                    + "VALUES (uuidv7(), 'customer', 'slow', 'Changed', 'x')");
            append(10);
            Waiting.until("the gap is stored").until(() -> cursor().startsWith(stored + gap + "}"));
            appended++;
            leader.failpoint("relay.acknowledged", "kill");
            writer.commit();
        }
        assertThat(leader.exitCode()).isEqualTo(137);
        assertThat(cursor()).startsWith(stored + gap + "}");
        awaitTakeover();
        awaitAllPublished();
        Waiting.until("the gap's row is there twice")
                .until(() -> system.reader().read(topic).stream()
                                .filter(record -> TopicReader.header(record, "ce_sequence")
                                        .equals(Long.toString(gap)))
                                .count()
                        == 2);
        Waiting.until("the gap is closed").until(() -> cursor().startsWith(stored + "}"));
    }

    private void append(int events) {
        appended += events;
        database.execute(insert("convert_to('x', 'UTF8')", events));
    }

    private static String insert(String payload, int events) {
        return "INSERT INTO outbox (event_id, aggregate_type, aggregate_id, event_type, payload) "
                + "SELECT uuidv7(), 'customer', 'a' || i % 10, 'Changed', " + payload
                + " FROM generate_series(1, " + events + ") AS i ORDER BY i";
    }

    private String waitsFor(long session) {
        return database
                .texts("SELECT concat_ws(' ', state, wait_event_type, wait_event) FROM pg_stat_activity "
                        + "WHERE pid = " + session)
                .stream()
                .findFirst()
                .orElse("gone");
    }

    private void awaitTakeover() {
        Waiting.until("the standby leads").atMost(TAKEOVER_LIMIT).until(() -> leads(standby));
    }

    private void thawAndAwaitStandby() {
        long before = says(leader, "standby");
        leader.thaw();
        Waiting.until("the former leader stands by").until(() -> says(leader, "standby") > before);
        assertThat(leads(leader)).isFalse();
        assertThat(leads(standby)).isTrue();
    }

    private static boolean leads(ServiceProcess relay) {
        return relay.metric("doorbell_relay_leader") == 1;
    }

    private long says(ServiceProcess relay, String state) {
        return relay.output().stream()
                .filter(line -> line.endsWith("source " + name + " " + state))
                .count();
    }

    private String cursor() {
        return database.text(
                "SELECT published_through || ' ' || gap_starts::text || ' ' || updated_at " + "FROM outbox_cursor");
    }

    /** All of them, and per aggregate the first occurrences in their order, whoever wrote them. */
    private void awaitAllPublished() {
        Map<String, List<Long>> firstByKey = new HashMap<>();
        Waiting.until("all events are published").until(() -> {
            firstByKey.clear();
            Set<Long> seen = new TreeSet<>();
            system.reader().read(topic).forEach(record -> {
                long seq = Long.parseLong(TopicReader.header(record, "ce_sequence"));
                if (seen.add(seq)) {
                    firstByKey
                            .computeIfAbsent(TopicReader.key(record), key -> new ArrayList<>())
                            .add(seq);
                }
            });
            return seen.size() == appended;
        });
        firstByKey.forEach((key, seqs) -> assertThat(seqs)
                .as("first occurrences of the events of %s", key)
                .isSorted());
    }
}
