package dev.doorbell.customer.store;

/** Statements on {@code customer}. */
final class CustomerSql {
    /** The partial unique index is the claim on the username; the loser gets no row. */
    static final String INSERT = """
            INSERT INTO customer (id, first_name, last_name, username, card_brand, card_last_four, card_valid_thru,
                                  identity_outcome)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (username) WHERE username_released_at IS NULL DO NOTHING
            """;

    /** Both replies meet under this lock: two that come at once cannot miss each other. */
    static final String LOCK = """
            SELECT id, username, status, reason, payment_outcome, identity_outcome
            FROM customer
            WHERE id = $1
            FOR UPDATE
            """;

    static final String RECORD_PAYMENT = """
            UPDATE customer SET payment_outcome = $2, payment_id = $3
            WHERE id = $1 AND payment_outcome IS NULL
            """;

    /**
     * The guard is in the statement, although the row is locked: the state machine must hold even for a caller that
     * forgot the lock. A failed registration gives its username back at once, since no identity was made for it.
     */
    static final String SETTLE = """
            UPDATE customer
            SET status = $3,
                reason = $4,
                settled_at = now(),
                username_released_at = CASE WHEN $3 = 'REGISTRATION_FAILED' THEN now() END
            WHERE id = $1 AND status = $2
            """;

    /**
     * The deadline counts from the last moment at which the own relay or consumer was behind. SKIP LOCKED lets
     * detectors of several instances work beside each other, and leaves alone what is just being decided.
     */
    static final String LOCK_OVERDUE = """
            SELECT id, username, status, reason, payment_outcome, identity_outcome
            FROM customer
            WHERE status = 'REGISTRATION_PENDING'
              AND created_at < now() - $1::bigint * interval '1 millisecond'
              AND (SELECT lagged_at FROM saga_watch) < now() - $1::bigint * interval '1 millisecond'
            ORDER BY created_at
            LIMIT $2
            FOR UPDATE SKIP LOCKED
            """;

    static final String FIND = """
            SELECT id, first_name, last_name, username, card_brand, card_last_four, card_valid_thru, status, created_at
            FROM customer
            WHERE id = $1
            """;

    static final String FIND_REGISTRATIONS = """
            SELECT id, status, reason, created_at, settled_at FROM customer WHERE id = ANY ($1::uuid[])
            """;

    private CustomerSql() {}
}
