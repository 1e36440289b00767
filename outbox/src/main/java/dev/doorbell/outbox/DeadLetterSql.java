package dev.doorbell.outbox;

/** Statements on {@code dead_letter} and {@code parked_key}. */
final class DeadLetterSql {
    /** What has no inbox row, read again after a crash, is dead already: its position and time say so. */
    static final String INSERT = """
            INSERT INTO dead_letter (consumer, topic, kafka_partition, kafka_offset, event_id, event_type, record_key,
                                     record_value, record_headers, record_timestamp, reason, cause)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT DO NOTHING
            RETURNING id
            """;

    static final String PARK_KEY = """
            INSERT INTO parked_key (consumer, topic, record_key) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
            """;

    /** FOR SHARE waits for a replay that holds the row, and then sees whether it is gone. */
    static final String PARKED_AMONG = """
            SELECT record_key FROM parked_key
            WHERE consumer = $1 AND topic = $2
              AND record_key_hash = ANY (ARRAY(SELECT sha256(key) FROM unnest($3::bytea[]) AS keys (key)))
            ORDER BY record_key_hash
            FOR SHARE
            """;

    /** Keeps the consumer from parking further records of the key until the replay has looked. */
    static final String LOCK_PARKED_KEY = """
            SELECT 1 FROM parked_key WHERE consumer = $1 AND topic = $2 AND record_key_hash = sha256($3) FOR UPDATE
            """;

    /** The lock keeps two replays of a key that is not parked from running the same record. */
    static final String NEXT_OF_KEY = """
            SELECT id, kafka_partition, kafka_offset, record_value, record_headers::text AS record_headers, record_timestamp
            FROM dead_letter
            WHERE consumer = $1 AND topic = $2 AND sha256(record_key) = sha256($3)
            ORDER BY id
            LIMIT 1
            FOR UPDATE
            """;

    /** Further copies of the event go with it, so that it cannot take effect twice. */
    static final String DELETE = """
            DELETE FROM dead_letter
            WHERE id = $1 OR (consumer = $2 AND event_id = (SELECT event_id FROM dead_letter WHERE id = $1))
            """;

    static final String RELEASE_KEY =
            "DELETE FROM parked_key WHERE consumer = $1 AND topic = $2 AND record_key_hash = sha256($3)";

    private DeadLetterSql() {}
}
