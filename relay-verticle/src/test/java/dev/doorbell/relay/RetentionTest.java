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
        assertThat(Retention.pauseMs(10_000, 5_000, 4_000)).isEqualTo(Retention.PAUSE_MS_MAX);
        assertThat(Retention.pauseMs(10, 5_000, 5_001)).isEqualTo(1);
    }

    private int step() throws Exception {
        io.vertx.core.Vertx vertx = io.vertx.core.Vertx.vertx();
        try {
            return RelaySession.open(vertx, source.config(), "test", 10_000)
                    .compose(session -> session.removePublished(1, Retention.STEP_ROWS))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(30, java.util.concurrent.TimeUnit.SECONDS);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, java.util.concurrent.TimeUnit.SECONDS);
        }
    }
}
