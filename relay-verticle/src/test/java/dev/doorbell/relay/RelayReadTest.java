package dev.doorbell.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.service.Environment;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The reading statement and the notes on it, driven read by read on a real session: which rows come at a time, and what
 * that means for the order within an aggregate.
 */
class RelayReadTest {
    private static final int LIMIT = 2;

    private final TestSource source = TestSource.migrated();
    private final Vertx vertx = Vertx.vertx();
    private final RelayConfig config = config();
    private RelaySession session = open();
    private final OutboxPosition position = new OutboxPosition(new OutboxCursor(0, List.of()));

    private RelayConfig config() {
        return RelayConfig.read(new Environment(new HashMap<>(Map.of(
                "RELAY_SOURCES", "customers=" + source.urlText(), "RELAY_BATCH_EVENTS_MAX", Integer.toString(LIMIT)))));
    }

    @AfterEach
    void close() {
        await(vertx.close());
    }

    /** c's first event is the third in the filled gap, its second one lies right above the mark. */
    @Test
    void manyRowsAboveAFilledGapComeBehindAllOfTheGap() throws SQLException {
        try (Connection slow = source.transaction("a", "a1")) {
            TestSource.append(slow, "b", "b1");
            TestSource.append(slow, "c", "c1");
            source.append("quick", "q1");
            assertThat(read()).containsExactly(4L);
            slow.commit();
        }
        source.append("c", "c2");
        source.append("b", "b2");
        source.append("a", "a2");
        assertThat(read()).containsExactly(1L, 2L);
        assertThat(read()).as("1 and 2 are no gaps any more").containsExactly(3L, 5L);
        assertThat(read()).containsExactly(6L, 7L);
        assertThat(read()).isEmpty();
    }

    /** An updated row moves to the end of the table, so that its order is not the order of seq. */
    @Test
    void aLimitTakesTheLowestRowsWhereverTheyLie() throws SQLException {
        for (int i = 1; i <= 5; i++) {
            source.append("a", "a" + i);
        }
        source.execute("UPDATE outbox SET created_at = now() WHERE seq = 1");
        withoutIndexes();
        assertThat(read()).containsExactly(1L, 2L);
        assertThat(read()).containsExactly(3L, 4L);
        assertThat(read()).containsExactly(5L);
    }

    @Test
    void aLimitTakesTheLowestRowsOfAFilledGapWhereverTheyLie() throws SQLException {
        try (Connection slow = source.transaction("a", "a1")) {
            TestSource.append(slow, "a", "a2");
            TestSource.append(slow, "a", "a3");
            source.append("quick", "q1");
            assertThat(read()).containsExactly(4L);
            slow.commit();
        }
        source.execute("UPDATE outbox SET created_at = now() WHERE seq = 1");
        withoutIndexes();
        assertThat(read()).containsExactly(1L, 2L);
        assertThat(read()).containsExactly(3L);
    }

    /** Gaps that were given up are looked into behind the open ones, whatever their numbers. */
    @Test
    void aLimitTakesTheLowestRowsOfAllGapsInWhateverOrderTheseAreGiven() throws SQLException {
        for (int i = 1; i <= 6; i++) {
            source.append("a", "a" + i);
        }
        List<SeqRange> gaps = List.of(new SeqRange(4, 6), new SeqRange(1, 3));
        assertThat(seqs(await(session.read(6, gaps, true, config)))).containsExactly(1L, 2L);
    }

    /** A row that a limit cut off is neither read nor a gap: the mark stays below it. */
    @Test
    void theMarkMovesToTheLastRowThatWasReturned() throws SQLException {
        for (int i = 1; i <= 5; i++) {
            source.append("a", "a" + i);
        }
        assertThat(read()).containsExactly(1L, 2L);
        assertThat(position.readThrough()).isEqualTo(2);
        assertThat(read()).containsExactly(3L, 4L);
        assertThat(read()).containsExactly(5L);
        assertThat(position.openGaps()).isEmpty();
    }

    @Test
    void aFullReadLooksAtNoMoreRowsThanItMayReturnFromEachArm() throws SQLException {
        source.appendMany("x", 3_000);
        source.execute("ANALYZE outbox");
        assertThat(rowsLookedAt(0, "{}", "{}")).as("all above the mark").isLessThanOrEqualTo(LIMIT);
        assertThat(rowsLookedAt(2_000, "{1}", "{2000}"))
                .as("a large gap that was filled, and rows above the mark")
                .isLessThanOrEqualTo(2 * LIMIT);
    }

    private long rowsLookedAt(long above, String gapStarts, String gapEnds) throws SQLException {
        String plan;
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            // As on the relay's session: a generic plan knows nothing of the limits.
            for (Map.Entry<String, String> property : SessionOptions.PROPERTIES.entrySet()) {
                statement.execute("SET " + property.getKey() + " = '" + property.getValue() + "'");
            }
            statement.execute("PREPARE read (bigint, bigint[], bigint[], bigint, bigint, bigint, int) AS "
                    + statementAsItIsNow());
            try (ResultSet result = statement.executeQuery("EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE read (" + above
                    + ", '" + gapStarts + "', '" + gapEnds + "', " + LIMIT + ", " + LIMIT + ", 1000000, 1000000)")) {
                result.next();
                plan = result.getString(1);
            }
        }
        return rowsScanned(new JsonArray(plan).getJsonObject(0).getJsonObject("Plan"));
    }

    /** Not the copy of the constant that this class was compiled with: the guards change the statement under it. */
    private static String statementAsItIsNow() {
        try {
            return (String) OutboxSql.class.getDeclaredField("READ").get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long rowsScanned(JsonObject node) {
        double own = node.getString("Relation Name", "").equals("outbox")
                ? node.getDouble("Actual Rows") * node.getDouble("Actual Loops")
                : 0;
        return Math.round(own)
                + node.getJsonArray("Plans", new JsonArray()).stream()
                        .mapToLong(plan -> rowsScanned((JsonObject) plan))
                        .sum();
    }

    /** The only way that is left to find rows is in the order in which they lie. */
    private void withoutIndexes() throws SQLException {
        source.execute("ALTER TABLE outbox DROP CONSTRAINT outbox_pkey");
    }

    private RelaySession open() {
        return await(RelaySession.open(vertx, source.config(), "test", config.sessionTimeoutMs()));
    }

    /** One read as the relay makes it. */
    private List<Long> read() {
        List<Long> seqs =
                seqs(await(session.read(position.readThrough(), position.openGaps(), position.mayAdvance(), config)));
        assertThat(position.read(seqs)).as("rows in no gap").isEmpty();
        return seqs;
    }

    private static List<Long> seqs(RelaySession.Rows rows) {
        return rows.rows().stream().map(OutboxRow::seq).toList();
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
