package dev.doorbell.customer.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;

/** What the deadlock detectors of all instances know together, and how far the relay of this database is. */
public final class SagaWatchStore {
    /** @param gapMax a check that comes later than this after the last one counts as a lag */
    public Future<Void> recordCheck(SqlClient client, boolean caughtUp, Duration gapMax) {
        return client.preparedQuery(SagaWatchSql.RECORD_CHECK)
                .execute(Tuple.of(caughtUp, gapMax.toMillis()))
                .mapEmpty();
    }

    /** The highest seq of the outbox, 0 when it is empty. */
    public Future<Long> lastAppended(SqlClient client) {
        return client.query(SagaWatchSql.LAST_APPENDED)
                .execute()
                .map(rows -> rows.iterator().next().getLong("seq"));
    }

    /** Whether the relay has published every row up to {@code seq} that there is, those committed late included. */
    public Future<Boolean> isPublishedThrough(SqlClient client, long seq) {
        return client.preparedQuery(SagaWatchSql.PUBLISHED_THROUGH)
                .execute(Tuple.of(seq))
                .map(rows -> rows.iterator().next().getBoolean("reached"));
    }

    /** How long the oldest event that the relay has not published has waited; zero when it has published all. */
    public Future<Duration> relayLag(SqlClient client) {
        return client.query(SagaWatchSql.OLDEST_UNPUBLISHED).execute().map(rows -> {
            Double ageSeconds = rows.iterator().next().getDouble("age_s");
            return ageSeconds == null ? Duration.ZERO : Duration.ofMillis((long) (ageSeconds * 1_000));
        });
    }
}
