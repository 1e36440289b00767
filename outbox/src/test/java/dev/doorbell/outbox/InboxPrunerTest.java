package dev.doorbell.outbox;

import static dev.doorbell.outbox.TestStack.count;
import static dev.doorbell.outbox.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class InboxPrunerTest {
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration RETENTION = Duration.ofDays(16);

    @Test
    void onlyWhatIsBeyondTheHorizonOfThisConsumerGoes(Vertx vertx) {
        Pool pool = TestStack.newDatabase(vertx);
        // More than a step removes, so that the second step is seen too.
        insert(pool, "mine", RETENTION.plusHours(2), 1_500);
        insert(pool, "mine", RETENTION.minusHours(1), 10);
        insert(pool, "mine", Duration.ZERO, 10);
        insert(pool, "other", RETENTION.plusDays(10), 5);
        InboxPruner pruner = new InboxPruner(vertx, pool, "mine", RETENTION, Clock.fixed(NOW, ZoneOffset.UTC));
        assertThat(get(pruner.prune())).isEqualTo(1_500);
        assertThat(count(pool, "inbox WHERE consumer = 'mine'")).isEqualTo(20);
        assertThat(count(pool, "inbox WHERE consumer = 'other'")).isEqualTo(5);
        assertThat(get(pruner.prune())).isZero();
    }

    private static void insert(Pool pool, String consumer, Duration age, int rows) {
        StringBuilder values = new StringBuilder();
        Clock then = Clock.fixed(NOW.minus(age), ZoneOffset.UTC);
        for (int i = 0; i < rows; i++) {
            values.append(i == 0 ? "" : ",")
                    .append("('")
                    .append(consumer)
                    .append("','")
                    .append(UuidV7.create(then))
                    .append("')");
        }
        get(pool.query("INSERT INTO inbox (consumer, event_id) VALUES " + values)
                .execute());
    }
}
