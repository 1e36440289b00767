package dev.doorbell.relay;

/** Statements on the table {@code outbox} for a {@link Replay}. */
final class ReplaySql {
    /**
     * Of the lowest $2 rows above seq $1 those that were appended at $3 or later, with event type $4 and aggregate id $5;
     * null matches any. Of millions of rows few may match: what does not stays in PostgreSQL, its payload unread, and a
     * statement takes no longer however few there are. At most $6 rows, until their bytes reach $7, payloads up to $8
     * bytes, and columns as in {@link OutboxSql#READ}; one more tells how far it has looked, in a row of nulls when nothing
     * matches, null itself when there is nothing above $1.
     */
    static final String READ = """
            WITH looked AS (
                SELECT max(seq) AS through
                FROM (SELECT seq FROM public.outbox WHERE seq > $1 ORDER BY seq LIMIT $2) AS lowest),
            matching AS (
                SELECT *
                FROM public.outbox
                WHERE seq > $1 AND seq <= (SELECT through FROM looked)
                  AND ($3::timestamptz IS NULL OR created_at >= $3)
                  AND ($4::text IS NULL OR event_type = $4)
                  AND ($5::text IS NULL OR aggregate_id = $5)
                ORDER BY seq LIMIT $6),
            measured AS (
                SELECT *, octet_length(payload) AS payload_bytes,
                       octet_length(payload) + coalesce(pg_column_size(headers), 0) AS bytes,
                       sum(octet_length(payload) + coalesce(pg_column_size(headers), 0))
                           OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING) AS bytes_through
                FROM matching)
            SELECT seq, event_id, aggregate_type, aggregate_id, event_type, topic,
                   CASE WHEN payload_bytes <= $8 THEN payload END AS payload, payload_bytes, content_type, traceparent,
                   headers, created_at, bytes_through, through
            FROM looked LEFT JOIN measured ON bytes_through - bytes < $7
            ORDER BY seq
            """;

    /** The column of READ that {@link OutboxSql#READ} has not, by position. */
    static final int THROUGH = 13;

    private ReplaySql() {}
}
