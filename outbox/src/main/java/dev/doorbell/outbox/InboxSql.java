package dev.doorbell.outbox;

/** Statements on {@code inbox}. */
final class InboxSql {
    /** Claims in the order of the batch, so that two members with overlapping batches wait instead of deadlocking. */
    static final String CLAIM = """
            INSERT INTO inbox (consumer, event_id)
            SELECT $1, event_id
            FROM unnest($2::uuid[]) WITH ORDINALITY AS event (event_id, position)
            ORDER BY position
            ON CONFLICT DO NOTHING
            RETURNING event_id
            """;

    /** A bounded step; ids sort by time, so what is below the bound is older than it. */
    static final String PRUNE = """
            DELETE FROM inbox
            WHERE (consumer, event_id) IN (
                SELECT consumer, event_id FROM inbox
                WHERE consumer = $1 AND event_id < $2
                ORDER BY event_id
                LIMIT $3)
            """;

    private InboxSql() {}
}
