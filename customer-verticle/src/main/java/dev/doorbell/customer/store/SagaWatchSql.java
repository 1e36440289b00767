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

    /** The cursor may be ahead of a row that was committed late: such a row lies in one of its gaps. */
    static final String PUBLISHED_THROUGH = """
            SELECT published_through >= $1
                   AND NOT EXISTS (SELECT 1
                                   FROM unnest(gap_starts, gap_ends) AS gap (first, last)
                                   JOIN outbox ON outbox.seq BETWEEN gap.first AND least(gap.last, $1)) AS reached
            FROM outbox_cursor
            WHERE outbox = 'outbox'
            """;

    /** One row; null when all is published. Of each gap the first row, as that is the oldest one or close to it. */
    static final String OLDEST_UNPUBLISHED = """
            SELECT extract(epoch FROM now() - min(created_at))::float8 AS age_s
            FROM ((SELECT created_at
                   FROM outbox
                   WHERE seq > (SELECT published_through FROM outbox_cursor WHERE outbox = 'outbox')
                   ORDER BY seq
                   LIMIT 1)
                  UNION ALL
                  SELECT filled.created_at
                  FROM outbox_cursor
                       CROSS JOIN unnest(gap_starts, gap_ends) AS gap (first, last)
                       CROSS JOIN LATERAL (SELECT created_at FROM outbox WHERE seq BETWEEN gap.first AND gap.last
                                           ORDER BY seq LIMIT 1) AS filled
                  WHERE outbox = 'outbox') AS unpublished
            """;

    private SagaWatchSql() {}
}
