package dev.doorbell.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;

/** Whether the relay of a source is awake, by the locks that writers see too, and what it has counted. */
final class Doze implements AutoCloseable {
    /** Nothing but a notification wakes this relay, or a row in its way to sleep; it lingers long enough for a test. */
    static final Map<String, String> RUNG_ONLY =
            Map.of("RELAY_FALLBACK_POLL_MS", "600000", "RELAY_SESSION_TIMEOUT_MS", "60000", "RELAY_LINGER_MS", "400");

    private static final String AWAKE = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted "
            + "AND mode = 'ExclusiveLock' AND classid = " + LockSql.AWAKE + " AND objid = "
            + LockSql.key(OutboxSql.TABLE)
            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    static final String BY_TEST = "by a test";
    private static final int TRIES = 10;

    private final TestSource source;
    private final Connection connection;

    Doze(TestSource source) throws SQLException {
        this.source = source;
        this.connection = source.connect();
    }

    boolean holdsAwake() throws SQLException {
        return TestSource.value(connection, AWAKE).equals("1");
    }

    /** Rings until it is seen to be awake, which it may be for a moment only. */
    void wake() {
        await("a relay that is awake").atMost(TestRelay.PATIENCE).until(() -> {
            if (!holdsAwake()) {
                ring();
            }
            return holdsAwake();
        });
    }

    /** It has let go of AWAKE: it sleeps, or waits for the writers that it has noted. */
    void awaitUnlocked() {
        waiting("a relay that is about to sleep").until(() -> !holdsAwake());
    }

    void awaitAsleep(TestRelay relay) {
        waiting("a relay that sleeps").until(() -> asleep(relay));
    }

    boolean asleep(TestRelay relay) {
        return relay.metric("doorbell_relay_asleep", source).equals("1.0");
    }

    /** It stays on its way to sleep for so long that a barrier which does not see the writer would have let it through. */
    void assertStaysUp(TestRelay relay) {
        awaitUnlocked();
        await("a relay that waits for a writer")
                .during(Duration.ofMillis(300))
                .atMost(TestRelay.PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .failFast("the relay sleeps beside an open writer", () -> asleep(relay))
                .until(() -> true);
    }

    interface Write {
        void run() throws SQLException;
    }

    /** What is written while the relay is awake rings nobody; undone and tried again should it fall asleep meanwhile. */
    void whileAwake(TestRelay relay, Write write, Write undo) throws SQLException {
        for (int i = 0; i < TRIES; i++) {
            awaitAsleep(relay);
            wake();
            write.run();
            // It takes AWAKE again only when somebody rings: held now, it was held all the time.
            if (holdsAwake()) {
                return;
            }
            undo.run();
        }
        assertThat(TRIES).as("tries while the relay was awake").isZero();
    }

    /** Wakes the relay as a writer would; a {@link Bell} does not count it. */
    void ring() throws SQLException {
        source.execute("NOTIFY " + OutboxSql.CHANNEL + ", '" + BY_TEST + "'");
    }

    boolean happensWithin(long ms, Callable<Boolean> condition) {
        try {
            await().atMost(Duration.ofMillis(ms))
                    .pollInterval(Duration.ofMillis(10))
                    .until(condition);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    double counted(TestRelay relay, String name, String label) {
        return Arrays.stream(relay.get("/metrics").split("\n"))
                .filter(line -> line.startsWith(name + "{"))
                .filter(line -> line.contains("source=\"" + source.name + "\"") && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static ConditionFactory waiting(String what) {
        return await(what).atMost(TestRelay.PATIENCE).pollInterval(Duration.ofMillis(5));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
