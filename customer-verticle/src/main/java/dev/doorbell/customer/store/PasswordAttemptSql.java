package dev.doorbell.customer.store;

/** Statements on {@code password_attempt}. */
final class PasswordAttemptSql {
    /**
     * One row, or none where an attempt is not in order, which {@link #WHY_NOT} then explains. Of two at once the second waits
     * for the first and then finds it under way.
     */
    static final String BEGIN = """
            WITH permitted AS (
                SELECT customer.id, customer.username, customer.first_name, customer.last_name, identity.user_id
                FROM customer JOIN identity ON identity.customer_id = customer.id
                WHERE customer.id = $1
                  AND customer.status = 'REGISTRATION_SUCCESS'
                  AND customer.created_at > now() - $2::bigint * interval '1 millisecond'
            ), begun AS (
                INSERT INTO password_attempt AS existing (customer_id, attempts, busy_until)
                SELECT id, 1, now() + $4::bigint * interval '1 millisecond' FROM permitted
                ON CONFLICT (customer_id) DO UPDATE
                SET attempts = existing.attempts + 1, busy_until = excluded.busy_until
                WHERE existing.set_at IS NULL
                  AND existing.attempts < $3
                  AND (existing.busy_until IS NULL OR existing.busy_until <= now())
                RETURNING attempts
            )
            SELECT permitted.*, begun.attempts FROM permitted CROSS JOIN begun
            """;

    static final String WHY_NOT = """
            SELECT customer.status,
                   customer.created_at <= now() - $2::bigint * interval '1 millisecond' AS expired,
                   attempt.set_at IS NOT NULL AS done,
                   coalesce(attempt.busy_until > now(), false) AS busy
            FROM customer LEFT JOIN password_attempt attempt ON attempt.customer_id = customer.id
            WHERE customer.id = $1
            """;

    /** Counts only while nobody has begun another one. $3 is whether the password is set. */
    static final String END = """
            UPDATE password_attempt
            SET busy_until = NULL, set_at = CASE WHEN $3 THEN now() END
            WHERE customer_id = $1 AND attempts = $2 AND set_at IS NULL
            """;

    private PasswordAttemptSql() {}
}
