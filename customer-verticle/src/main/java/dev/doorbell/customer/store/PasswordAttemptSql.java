package dev.doorbell.customer.store;

/** Statements on {@code password_attempt}. */
final class PasswordAttemptSql {
    /**
     * One row, or none where an attempt is not in order, which {@link #WHY_NOT} then explains. Of two at once the second waits
     * for the first and then finds it under way. That a password is set counts for the user that was given it: one that is
     * made again in its place has none.
     */
    static final String BEGIN = """
            WITH permitted AS (
                SELECT customer.id, customer.username, customer.first_name, customer.last_name, identity.user_id
                FROM customer JOIN identity ON identity.customer_id = customer.id
                WHERE customer.id = $1
                  AND customer.status = 'REGISTRATION_SUCCESS'
                  AND customer.settled_at > now() - $2::bigint * interval '1 millisecond'
            ), begun AS (
                INSERT INTO password_attempt AS existing (customer_id, attempts, busy_until)
                SELECT id, 1, now() + $4::bigint * interval '1 millisecond' FROM permitted
                ON CONFLICT (customer_id) DO UPDATE
                SET attempts = existing.attempts + 1, busy_until = excluded.busy_until, set_at = NULL, set_user_id = NULL
                WHERE (existing.set_at IS NULL OR existing.set_user_id <> (SELECT user_id FROM permitted))
                  AND existing.refused < $3
                  AND (existing.busy_until IS NULL OR existing.busy_until <= now())
                RETURNING attempts
            )
            SELECT permitted.*, begun.attempts FROM permitted CROSS JOIN begun
            """;

    static final String WHY_NOT = """
            SELECT customer.status,
                   coalesce(customer.settled_at <= now() - $2::bigint * interval '1 millisecond', false) AS expired,
                   attempt.set_at IS NOT NULL AND coalesce(attempt.set_user_id = identity.user_id, true) AS done,
                   coalesce(extract(epoch FROM attempt.busy_until - now()) * 1000, 0)::bigint AS busy_ms,
                   coalesce(attempt.refused >= $3, false) AS used_up
            FROM customer
                 LEFT JOIN identity ON identity.customer_id = customer.id
                 LEFT JOIN password_attempt attempt ON attempt.customer_id = customer.id
            WHERE customer.id = $1
            """;

    /** Counts only while nobody has begun another one. */
    static final String END = """
            UPDATE password_attempt
            SET busy_until = NULL,
                refused = refused + CASE WHEN $3::text = 'REFUSED' THEN 1 ELSE 0 END,
                set_at = CASE WHEN $3 = 'SET' THEN now() END,
                set_user_id = CASE WHEN $3 = 'SET' THEN $4::text END
            WHERE customer_id = $1 AND attempts = $2 AND set_at IS NULL
            """;

    private PasswordAttemptSql() {}
}
