package dev.doorbell.relay;

import static dev.doorbell.relay.TestRelay.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private final TestSource source = TestSource.migrated();

    @Test
    void removesOldPublishedRowsAndNeverPassesAnOpenGap() throws Exception {
        source.appendMany("old", Retention.STEP_ROWS + 500);
        source.execute("UPDATE outbox SET created_at = now() - interval '2 hours'");
        try (Connection slow = source.connect();
                TestRelay relay = TestRelay.start(
                        Map.of("OUTBOX_RETENTION_HOURS", "1", "OUTBOX_RETENTION_INTERVAL_MS", "200"), source)) {
            slow.setAutoCommit(false);
            TestSource.append(slow, "slow", "late");
            source.append("quick", "behind the gap");
            source.execute("UPDATE outbox SET created_at = now() - interval '2 hours'");
            await().atMost(PATIENCE)
                    .until(() -> relay.metric("doorbell_relay_events_removed_total", source)
                            .equals("1500.0"));
            assertThat(source.cursor()).isEqualTo("1502 {1501}{1501}");
            assertThat(source.value("SELECT string_agg(seq::text, ',') FROM outbox"))
                    .isEqualTo("1502");
            slow.commit();
            await().atMost(PATIENCE)
                    .until(() -> source.value("SELECT string_agg(seq::text, ',') FROM outbox")
                            .equals("1501"));
        }
    }

    @Test
    void keepsWhatIsUnpublishedOrYoung() throws Exception {
        source.appendMany("young", 10);
        source.appendMany("old", 10);
        source.execute("UPDATE outbox SET created_at = now() - interval '2 hours' WHERE seq <= 5 OR seq > 10");
        source.execute("UPDATE outbox_cursor SET published_through = 12");
        assertThat(step()).as("5 old, 5 young, 2 old").isEqualTo(7);
        assertThat(source.value("SELECT count(*) FILTER (WHERE seq BETWEEN 6 AND 10) || ' ' || count(*) FILTER "
                        + "(WHERE seq > 12) FROM outbox"))
                .isEqualTo("5 8");
    }

    /** Under a snapshot that still sees them, as a dump holds one, nobody can clear away the index entries of removed rows. */
    @Test
    void aStepCostsTheSameHoweverMuchWasRemovedBeforeIt() throws Exception {
        int rows = 10 * Retention.STEP_ROWS;
        source.execute("ALTER TABLE outbox ALTER created_at SET DEFAULT now() - interval '2 hours'");
        source.appendMany("old", rows);
        source.execute("UPDATE outbox_cursor SET published_through = " + rows);
        try (Connection dump = source.connect()) {
            dump.setAutoCommit(false);
            TestSource.execute(dump, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            TestSource.value(dump, "SELECT count(*) FROM outbox");
            try (TestRelay relay = TestRelay.start(
                    Map.of("OUTBOX_RETENTION_HOURS", "1", "OUTBOX_RETENTION_INTERVAL_MS", "100"), source)) {
                awaitRemoved(relay, rows);
                // Of a later run.
                source.appendMany("more", Retention.STEP_ROWS);
                awaitRemoved(relay, rows + Retention.STEP_ROWS);
            }
            assertThat(source.indexEntriesRead("outbox"))
                    .as("entries: of each row for its age, for its removal, and perhaps for the relay's read")
                    .isBetween(2L * rows, 3L * rows);
            dump.rollback();
        }
    }

    private void awaitRemoved(TestRelay relay, int rows) {
        await().atMost(PATIENCE)
                .until(() -> relay.metric("doorbell_relay_events_removed_total", source)
                        .equals(rows + ".0"));
    }

    @Test
    void aStepEndsBelowTheLowestRowThatIsTooYoungAndSaysSo() throws Exception {
        source.appendMany("row", 10);
        source.execute("UPDATE outbox SET created_at = now() - interval '2 hours' WHERE seq <> 6");
        source.execute("UPDATE outbox_cursor SET published_through = 8");
        assertThat(step(2)).as("3, 4, 5, 7 and 8").isEqualTo(new RelaySession.Removed(5, 5));
        assertThat(step(5)).as("nothing but the young one").isEqualTo(new RelaySession.Removed(0, 5));
        assertThat(step(6)).as("what was published").isEqualTo(new RelaySession.Removed(0, 8));
        assertThat(step(RemovalMark.LEFT_END)).as("what was left below").isEqualTo(new RelaySession.Removed(2, 5));
    }

    @Test
    void whatTurnsUpBelowTheMarkIsFoundByTheNextLookBack() {
        RemovalMark mark = new RemovalMark();
        assertThat(mark.begin()).as("a new leader").isEqualTo(RemovalMark.LEFT_END);
        mark.reached(70);
        for (int run = 1; run < RemovalMark.RUNS_PER_LOOK_BACK; run++) {
            assertThat(mark.begin()).isEqualTo(70);
        }
        assertThat(mark.begin()).isEqualTo(RemovalMark.LEFT_END);
        mark.reached(5);
        assertThat(mark.begin())
                .as("one that is too young does not hold the mark")
                .isEqualTo(70);
        mark.reached(80);
        assertThat(mark.begin()).isEqualTo(80);
    }

    @Test
    void looksMoreRarelyWhileThereIsNothingToRemove() {
        assertThat(Retention.nextMs(100, 100, 0)).isEqualTo(200);
        assertThat(Retention.nextMs(100, 1_000, 0)).isEqualTo(1_600);
        assertThat(Retention.nextMs(100, 1_600, 0)).isEqualTo(1_600);
        assertThat(Retention.nextMs(100, 1_600, 1)).isEqualTo(100);
    }

    @Test
    void isAtWorkForATenthOfTheTimeUnlessTheTableWouldGrow() {
        assertThat(Retention.pauseMs(10, 5_000, 4_000)).isEqualTo(90);
        assertThat(Retention.pauseMs(0, 5_000, 4_000)).isEqualTo(1);
        assertThat(Retention.pauseMs(1_000, 5_000, 4_000)).isEqualTo(9_000);
        assertThat(Retention.pauseMs(10_000, 5_000, 4_000)).isEqualTo(Retention.PAUSE_MS_MAX);
        assertThat(Retention.pauseMs(10, 5_000, 5_001)).isEqualTo(1);
    }

    private int step() throws Exception {
        return step(RemovalMark.LEFT_END).rows();
    }

    private RelaySession.Removed step(long above) throws Exception {
        io.vertx.core.Vertx vertx = io.vertx.core.Vertx.vertx();
        try {
            return RelaySession.open(vertx, source.config(), "test", 10_000)
                    .compose(session -> session.removePublished(1, Retention.STEP_ROWS, above))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(30, java.util.concurrent.TimeUnit.SECONDS);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, java.util.concurrent.TimeUnit.SECONDS);
        }
    }
}
