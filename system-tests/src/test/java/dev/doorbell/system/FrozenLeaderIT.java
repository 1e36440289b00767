package dev.doorbell.system;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A leader that stands still keeps its lock until PostgreSQL ends its session; a standby takes over. When the leader goes
 * on, as a zombie, it must find that it leads no more, and what it does until then may repeat events and nothing else.
 */
@ExtendWith(SystemExtension.class)
class FrozenLeaderIT {
    private static final int SESSION_TIMEOUT_MS = 4_000;
    /** The kernel asks a silent peer with growing pauses, so that its time-out may take twice its time. */
    private static final Duration TAKEOVER_LIMIT = Duration.ofMillis(5 * SESSION_TIMEOUT_MS);

    private static final String LEADER = "SELECT coalesce(max(pid), 0) FROM pg_locks WHERE locktype = 'advisory' "
            + "AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    private final RunningSystem system;
    private final String name = "frozen" + System.nanoTime();
    private final Database database;
    private final String topic = name + ".event.customer";
    private ServiceProcess leader;
    private ServiceProcess standby;

    FrozenLeaderIT(RunningSystem system) {
        this.system = system;
        this.database = system.createDatabase(name);
    }

    @BeforeEach
    void oneLeadsAndOneStandsBy() {
        ServiceProcess migration = system.run(ServiceJar.RELAY, environment(), "migrate");
        assertThat(migration.exitCode()).as("%s", migration.output()).isZero();
        leader = system.startAnother(ServiceJar.RELAY, environment());
        leader.awaitReady();
        Waiting.until("the first relay leads").until(() -> says(leader, "leading") == 1);
        standby = system.startAnother(ServiceJar.RELAY, environment());
        standby.awaitReady();
        Waiting.until("the second relay stands by").until(() -> says(standby, "standby") == 1);
    }

    private Map<String, String> environment() {
        return new HashMap<>(Map.of(
                "RELAY_SOURCES",
                name + "=" + system.databaseUrl(name),
                "KAFKA_BOOTSTRAP_SERVERS",
                system.stack().kafka().bootstrapServers(),
                "RELAY_SOURCE_" + name.toUpperCase(java.util.Locale.ROOT) + "_TOPIC_TEMPLATE",
                name + ".event.{aggregate_type}",
                "RELAY_SESSION_TIMEOUT_MS",
                Integer.toString(SESSION_TIMEOUT_MS),
                "RELAY_FALLBACK_POLL_MS",
                "10",
                "RELAY_BATCH_EVENTS_MAX",
                "50"));
    }

    @AfterEach
    void end() {
        leader.thaw();
        system.endOthers();
    }

    @Test
    void aLeaderFrozenWhileItIsIdleLosesItsLeadershipAndComesBackAsAStandby() {
        append(100);
        awaitPublished(100);
        leader.freeze();
        append(100);
        awaitTakeover();
        awaitPublished(200);
        thawAndAwaitStandby();
        append(100);
        awaitPublished(300);
    }

    /** Between the acknowledgement and the cursor, with more rows in its memory that it sends as a zombie. */
    @Test
    void aLeaderFrozenWithEventsInFlightRepeatsThemAtWorst() {
        append(10);
        awaitPublished(10);
        leader.failpoint("relay.acknowledged", "freeze");
        append(1_000);
        leader.awaitFrozen();
        awaitTakeover();
        awaitPublished(1_010);
        String cursor = awaitCursorAt(1_010);
        thawAndAwaitStandby();
        assertThat(cursor()).as("the cursor is the new leader's").isEqualTo(cursor);
        append(100);
        awaitPublished(1_110);
    }

    /** The server writes to a client that does not read: only tcp_user_timeout ends such a session. */
    @Test
    void aLeaderFrozenInTheMiddleOfAResultLosesItsLeadershipToo() throws SQLException {
        append(10);
        awaitPublished(10);
        long session = database.number(LEADER);
        try (Connection writer =
                        DriverManager.getConnection(system.stack().postgres().jdbcUrl(name));
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute(insert("'a' || i % 10", "decode(repeat('00', 900000), 'hex')", 24));
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
        awaitPublished(134);
        thawAndAwaitStandby();
        append(100);
        awaitPublished(234);
    }

    /** Kafka has the events, the cursor does not know of it: they are sent again, and nothing is lost. */
    @Test
    void aLeaderKilledBetweenAcknowledgementAndCursorCostsNothingButRepeats() {
        append(10);
        awaitPublished(10);
        leader.failpoint("relay.acknowledged", "kill");
        append(1_000);
        assertThat(leader.exitCode()).isEqualTo(137);
        awaitTakeover();
        awaitPublished(1_010);
        append(100);
        awaitPublished(1_110);
    }

    private void append(int events) {
        database.execute(insert("'a' || i % 10", "convert_to('x', 'UTF8')", events));
    }

    private static String insert(String aggregateId, String payload, int events) {
        return "INSERT INTO outbox (event_id, aggregate_type, aggregate_id, event_type, payload) "
                + "SELECT uuidv7(), 'customer', " + aggregateId + ", 'Changed', " + payload
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
        Waiting.until("the standby leads").atMost(TAKEOVER_LIMIT).until(() -> says(standby, "leading") == 1);
    }

    private void thawAndAwaitStandby() {
        long before = says(leader, "standby");
        leader.thaw();
        Waiting.until("the former leader stands by").until(() -> says(leader, "standby") > before);
        assertThat(leader.metric("doorbell_relay_leader")).isZero();
        assertThat(standby.metric("doorbell_relay_leader")).isEqualTo(1);
    }

    private long says(ServiceProcess relay, String state) {
        return relay.output().stream()
                .filter(line -> line.endsWith("source " + name + " " + state))
                .count();
    }

    private String awaitCursorAt(long publishedThrough) {
        Waiting.until("the cursor stands at " + publishedThrough)
                .until(() -> cursor().startsWith(publishedThrough + " "));
        return cursor();
    }

    private String cursor() {
        return database.text(
                "SELECT published_through || ' ' || gap_starts::text || ' ' || updated_at " + "FROM outbox_cursor");
    }

    /** All of them, and per aggregate the first occurrences in their order, whoever wrote them. */
    private void awaitPublished(int events) {
        Map<String, List<Long>> firstByKey = new HashMap<>();
        Waiting.until(events + " events are published").until(() -> {
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
            return seen.size() == events;
        });
        firstByKey.forEach((key, seqs) -> assertThat(seqs)
                .as("first occurrences of the events of %s", key)
                .isSorted());
    }
}
