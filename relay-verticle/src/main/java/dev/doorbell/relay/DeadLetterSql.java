package dev.doorbell.relay;

/** Statements on the tables {@code dead_letter} and {@code parked_key}. */
final class DeadLetterSql {
    /**
     * Parks the keys and keeps the rows, in one statement and so in one transaction. Payload and key are copied inside
     * the database: a payload that is too large for Kafka may be too large for the relay's memory as well. The upsert
     * locks the parked key, also against whoever is just releasing it: no row may be parked behind a key that is not.
     * A row that was dead-lettered before (the cursor is written later) stays as it is.
     *
     * <p>$1 seqs, $2 topics, $3 reasons, $4 causes, $5 headers.
     */
    static final String STORE = """
            WITH dead AS (
                SELECT outbox.*, letter.record_topic, letter.reason, letter.cause, letter.record_headers,
                       convert_to(outbox.aggregate_id, 'UTF8') AS record_key
                FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[])
                         AS letter (seq, record_topic, reason, cause, record_headers)
                     JOIN public.outbox ON outbox.seq = letter.seq),
            parked AS (
                INSERT INTO public.parked_key (consumer, topic, record_key)
                SELECT DISTINCT 'relay', record_topic, record_key FROM dead
                ON CONFLICT (consumer, topic, record_key_hash) DO UPDATE SET parked_at = parked_key.parked_at)
            INSERT INTO public.dead_letter (consumer, topic, outbox_seq, event_id, event_type, record_key, record_value,
                                            record_headers, reason, cause)
            SELECT 'relay', record_topic, seq, event_id, event_type, record_key, payload, record_headers::jsonb, reason,
                   cause
            FROM dead
            ORDER BY seq
            ON CONFLICT (consumer, outbox_seq, event_id) DO NOTHING
            """;

    static final String PARKED_KEYS = """
            SELECT topic, record_key FROM public.parked_key WHERE consumer = 'relay' LIMIT $1
            """;

    /** Which of these events ($1) the relay has dead-lettered and nobody has released. */
    static final String DEAD_LETTERED = """
            SELECT event_id FROM public.dead_letter WHERE consumer = 'relay' AND event_id = ANY ($1)
            """;

    private DeadLetterSql() {}
}
