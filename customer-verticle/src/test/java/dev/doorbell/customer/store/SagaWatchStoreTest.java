package dev.doorbell.customer.store;

import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.customer.TestStack;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the relay's cursor says, gaps included. */
@ExtendWith(VertxExtension.class)
class SagaWatchStoreTest {
    private final SagaWatchStore store = new SagaWatchStore();
    private Pool pool;

    @BeforeEach
    void threeEvents(Vertx vertx) {
        pool = TestStack.pool(vertx, TestStack.newMigratedDatabase());
        for (int minutes = 30; minutes > 0; minutes -= 10) {
            sql("INSERT INTO outbox (event_id, aggregate_type, aggregate_id, event_type, payload, created_at) "
                    + "VALUES (uuidv7(), 'customer', '1', 'E', '{}', now() - interval '" + minutes + " minutes')");
        }
    }

    @Test
    void aRowAboveTheCursorIsNotPublished() {
        cursor(2, "{}", "{}");
        assertThat(get(store.isPublishedThrough(pool, 2))).isTrue();
        assertThat(get(store.isPublishedThrough(pool, 3))).isFalse();
        assertThat(get(store.relayLag(pool))).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));
        cursor(3, "{}", "{}");
        assertThat(get(store.isPublishedThrough(pool, 3))).isTrue();
        assertThat(get(store.relayLag(pool))).isZero();
    }

    @Test
    void aRowInAGapOfTheCursorIsNotPublished() {
        cursor(3, "{2}", "{2}");
        assertThat(get(store.isPublishedThrough(pool, 1))).isTrue();
        assertThat(get(store.isPublishedThrough(pool, 2))).isFalse();
        assertThat(get(store.isPublishedThrough(pool, 3))).isFalse();
        assertThat(get(store.relayLag(pool))).isBetween(Duration.ofMinutes(20), Duration.ofMinutes(21));
    }

    @Test
    void aGapWithoutARowHoldsNothingUp() {
        sql("DELETE FROM outbox WHERE seq = 2");
        cursor(3, "{2}", "{2}");
        assertThat(get(store.isPublishedThrough(pool, 3))).isTrue();
        assertThat(get(store.relayLag(pool))).isZero();
    }

    private void cursor(long publishedThrough, String gapStarts, String gapEnds) {
        sql("UPDATE outbox_cursor SET published_through = " + publishedThrough + ", gap_starts = '" + gapStarts
                + "', gap_ends = '" + gapEnds + "'");
    }

    private void sql(String statement) {
        get(pool.query(statement).execute());
    }
}
