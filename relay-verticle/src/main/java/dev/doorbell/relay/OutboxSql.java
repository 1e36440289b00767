package dev.doorbell.relay;

/** Statements on the table {@code outbox}, its sequence and the locks on them. */
final class OutboxSql {
    /** Also the name that the advisory lock's key is made of. */
    static final String TABLE = "public.outbox";

    static final String CHANNEL = "outbox";

    /**
     * One snapshot of what is above the high-water mark ($1) and of what has turned up in the gaps ($2 starts, $3
     * ends): two statements could see a later event of an aggregate without its earlier one. Limits on the arms alone
     * would break the order, a limit on the whole alone would read the whole backlog. At most $4 rows, and at most $5 of
     * them from above the mark. Rows are returned until their bytes, {@code bytes_through} of the last one, reach $6;
     * a payload above $7 bytes is not returned at all, because no record may be that large.
     */
    static final String READ = """
            WITH merged AS (
                (SELECT * FROM public.outbox WHERE seq > $1 ORDER BY seq LIMIT $5)
                UNION ALL
                (SELECT filled.* FROM unnest($2::bigint[], $3::bigint[]) AS gap (first, last)
                     CROSS JOIN LATERAL (SELECT * FROM public.outbox WHERE seq BETWEEN gap.first AND gap.last
                                         ORDER BY seq LIMIT $4) AS filled
                 ORDER BY filled.seq LIMIT $4)
                ORDER BY seq LIMIT $4),
            measured AS (
                SELECT *, octet_length(payload) AS payload_bytes,
                       octet_length(payload) + coalesce(pg_column_size(headers), 0) AS bytes,
                       sum(octet_length(payload) + coalesce(pg_column_size(headers), 0))
                           OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING) AS bytes_through
                FROM merged)
            SELECT seq, event_id, aggregate_type, aggregate_id, event_type, topic,
                   CASE WHEN payload_bytes <= $7 THEN payload END AS payload, payload_bytes, content_type, traceparent,
                   headers, created_at, bytes_through
            FROM measured
            WHERE bytes_through - bytes < $6
            ORDER BY seq
            """;

    // The columns of READ by position.
    static final int SEQ = 0;
    static final int EVENT_ID = 1;
    static final int AGGREGATE_TYPE = 2;
    static final int AGGREGATE_ID = 3;
    static final int EVENT_TYPE = 4;
    static final int TOPIC = 5;
    static final int PAYLOAD = 6;
    static final int PAYLOAD_BYTES = 7;
    static final int CONTENT_TYPE = 8;
    static final int TRACEPARENT = 9;
    static final int HEADERS = 10;
    static final int CREATED_AT = 11;
    static final int BYTES_THROUGH = 12;

    /**
     * Every transaction that may hold a seq it has not committed yet: the lock is taken before the seq is drawn, and
     * released after the commit has become visible.
     */
    static final String OPEN_WRITERS = """
            SELECT DISTINCT virtualtransaction
            FROM pg_locks
            WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND (relation IN ('public.outbox'::regclass, pg_get_serial_sequence('public.outbox', 'seq')::regclass)
                   OR relation IN (SELECT relid FROM pg_partition_tree('public.outbox')))
            """;

    /** The same, told from it in pg_stat_activity. */
    static final String GAP_WRITERS = "/* gaps */ " + OPEN_WRITERS;

    /** What the relay relies on; NULL or false for what is not there. Works on a database without any of it. */
    static final String SCHEMA = """
            SELECT to_regclass('public.outbox') IS NOT NULL AND to_regclass('public.outbox_cursor') IS NOT NULL
                   AND to_regclass('public.dead_letter') IS NOT NULL
                   AND to_regclass('public.parked_key') IS NOT NULL AS migrated,
                   (SELECT sequence.seqcache
                    FROM pg_depend depend
                         JOIN pg_sequence sequence ON sequence.seqrelid = depend.objid
                         JOIN pg_attribute attribute ON attribute.attrelid = depend.refobjid
                                                    AND attribute.attnum = depend.refobjsubid
                    WHERE depend.refobjid = to_regclass('public.outbox') AND attribute.attname = 'seq'
                      AND depend.classid = 'pg_class'::regclass) AS sequence_cache,
                   (SELECT pg_get_triggerdef(oid)
                    FROM pg_trigger
                    WHERE tgrelid = to_regclass('public.outbox') AND tgname = 'outbox_ring'
                      AND tgenabled IN ('O', 'A')) AS doorbell
            """;

    /** Above the last value drawn nothing can have been published. */
    static final String LAST_SEQ = """
            SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('public.outbox', 'seq')::regclass), 0)
                   AS last_seq,
                   has_sequence_privilege(pg_get_serial_sequence('public.outbox', 'seq'), 'USAGE, SELECT') AS readable
            """;

    /** How far behind: counted to $2 rows at most, the age by the database's clock. Also the leader's heartbeat. */
    static final String BACKLOG = """
            SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('public.outbox', 'seq')::regclass), 0)
                   AS last_seq,
                   (SELECT count(*) FROM (SELECT 1 FROM public.outbox WHERE seq > $1 ORDER BY seq LIMIT $2) AS waiting)
                   AS waiting,
                   coalesce((SELECT extract(epoch FROM clock_timestamp() - created_at)::float8
                             FROM public.outbox WHERE seq > $1 ORDER BY seq LIMIT 1), 0) AS oldest_seconds
            """;

    /**
     * Removes published rows that are older than $1 hours, among the lowest $2 above seq $3. By the stored cursor, never
     * by what a relay has in memory, and never past the lowest open gap. Only so few rows are looked at, and from $3 on,
     * so that the step costs the same however much is kept, and however much was removed: until VACUUM has been there,
     * each row that was removed costs a look at its index entry, and as long as any snapshot may see it, one at the row.
     * Returns also through which seq nothing is left that this step could have removed.
     */
    static final String REMOVE_PUBLISHED = """
            WITH published AS (
                SELECT least(published_through, gap_starts[1] - 1) AS through
                FROM public.outbox_cursor
                WHERE outbox = 'outbox'),
            lowest AS (
                SELECT seq, created_at < now() - make_interval(hours => $1) AS old
                FROM public.outbox
                WHERE seq > $3 AND seq <= (SELECT through FROM published)
                ORDER BY seq LIMIT $2),
            removed AS (
                DELETE FROM public.outbox
                WHERE seq = ANY (ARRAY(SELECT seq FROM lowest WHERE old))
                RETURNING 1)
            SELECT (SELECT count(*) FROM removed) AS removed,
                   coalesce(min(seq) FILTER (WHERE NOT old) - 1, max(seq), (SELECT through FROM published)) AS through
            FROM lowest
            """;

    private OutboxSql() {}
}
