package dev.doorbell.customer.store;

/** Statements on {@code saga_watch}, and what the detector reads of the outbox to judge its own relay. */
final class SagaWatchSql {
    /**
     * A check that found a lag restarts the deadlines. So does one that comes long after the one before it: nobody
     * knows what happened in between.
     */
    static final String RECORD_CHECK = """
            UPDATE saga_watch
            SET lagged_at = CASE WHEN $1 AND checked_at > now() - $2::bigint * interval '1 millisecond' THEN lagged_at ELSE now() END,
                checked_at = now()
            """;

    static final String LAST_APPENDED = "SELECT coalesce(max(seq), 0) AS seq FROM outbox";

    static final String PUBLISHED_THROUGH =
            "SELECT published_through >= $1 AS reached FROM outbox_cursor WHERE outbox = 'outbox'";

    static final String OLDEST_UNPUBLISHED = """
            SELECT extract(epoch FROM now() - created_at)::float8 AS age_s
            FROM outbox
            WHERE seq > (SELECT published_through FROM outbox_cursor WHERE outbox = 'outbox')
            ORDER BY seq
            LIMIT 1
            """;

    private SagaWatchSql() {}
}
