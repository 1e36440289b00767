package dev.doorbell.relay;

/** Statements on the table {@code outbox_cursor}; only the leader's session writes it. */
final class CursorSql {
    static final String LOAD = """
            SELECT published_through, gap_starts, gap_ends FROM public.outbox_cursor WHERE outbox = 'outbox'
            """;

    static final String STORE = """
            UPDATE public.outbox_cursor
            SET published_through = $1, gap_starts = $2, gap_ends = $3, updated_at = now()
            WHERE outbox = 'outbox'
            """;

    private CursorSql() {}
}
