package dev.doorbell.customer.store;

/** Statements on {@code customer}. */
final class CustomerSql {
    /**
     * All registrations of a batch: customers, claims on usernames and events. The partial unique index is the claim; who
     * loses it gets no row back and appends nothing. Names are claimed in one order by everybody, so that two batches
     * wait for each other instead of deadlocking; COLLATE "C" because that order must not depend on anything else. The
     * events read the rows that the first insert returns, so a customer's row is there before its event's seq is drawn.
     */
    static final String REGISTER = """
            WITH registration AS (
                SELECT *
                FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::date[], $8::uuid[],
                            $9::bytea[], $10::text[])
                     WITH ORDINALITY AS registration (id, first_name, last_name, username, card_brand, card_last_four,
                                                      card_valid_thru, event_id, payload, traceparent, position)
            ), registered AS (
                INSERT INTO customer (id, first_name, last_name, username, card_brand, card_last_four, card_valid_thru,
                                      identity_outcome)
                SELECT id, first_name, last_name, username, card_brand, card_last_four, card_valid_thru, $11::text
                FROM registration
                ORDER BY username COLLATE "C", position
                ON CONFLICT (username) WHERE username_released_at IS NULL DO NOTHING
                RETURNING id
            ), appended AS (
                INSERT INTO outbox (event_id, aggregate_type, aggregate_id, event_type, payload, content_type, traceparent,
                                    headers)
                SELECT event_id, $12, id::text, $13, payload, $14, traceparent, $15::jsonb
                FROM registered JOIN registration USING (id)
                ORDER BY position
            )
            SELECT id FROM registered
            """;

    /**
     * Of at least $2 that were created after $1, null for all; those created at the last one's moment included. The order
     * keeps to the index of pending rows, whatever the planner believes of their number; $2 bounds what an answer can cost.
     */
    static final String COUNT_PENDING = """
            SELECT count(*) AS pending, max(created_at) AS through
            FROM (SELECT created_at
                  FROM customer
                  WHERE status = 'REGISTRATION_PENDING' AND created_at > coalesce($1::timestamptz, '-infinity')
                  ORDER BY created_at FETCH FIRST ($2::bigint) ROWS WITH TIES) AS pending
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
     * forgot the lock. A failed registration gives its username back at once, unless a user of that name may be left at
     * the identity provider: then when that is removed ({@link #RELEASE_USERNAME}).
     */
    static final String SETTLE = """
            UPDATE customer
            SET status = $3,
                reason = $4,
                version = version + 1,
                settled_at = now(),
                username_released_at = CASE WHEN $3 = 'REGISTRATION_FAILED' AND $5 THEN now() END
            WHERE id = $1 AND status = $2
            """;

    static final String RECORD_IDENTITY = """
            UPDATE customer SET identity_outcome = $2
            WHERE id = $1 AND identity_outcome IS NULL
            """;

    static final String RELEASE_USERNAME = """
            UPDATE customer SET username_released_at = now()
            WHERE id = $1 AND status = 'REGISTRATION_FAILED' AND username_released_at IS NULL
            """;

    /**
     * The deadline counts from the last moment at which the own relay or consumer was behind. SKIP LOCKED lets
     * detectors of several instances work beside each other, and leaves alone what is just being decided. An approved
     * registration, whose user is still to be enabled, has no deadline.
     */
    static final String LOCK_OVERDUE = """
            SELECT id, username, status, reason, payment_outcome, identity_outcome
            FROM customer
            WHERE status = 'REGISTRATION_PENDING'
              AND (payment_outcome = 'AUTHORIZED' AND identity_outcome = 'PROVISIONED') IS NOT TRUE
              AND created_at < now() - $1::bigint * interval '1 millisecond'
              AND (SELECT lagged_at FROM saga_watch) < now() - $1::bigint * interval '1 millisecond'
            ORDER BY created_at
            LIMIT $2
            FOR UPDATE SKIP LOCKED
            """;

    static final String FIND = """
            SELECT id, first_name, last_name, username, card_brand, card_last_four, card_valid_thru, status, created_at, version
            FROM customer
            WHERE id = $1
            """;

    /**
     * Of two at once the second waits for the first and then asks for the version again, which is another by then. Null
     * leaves a name as it is; null in place of the versions takes any.
     */
    static final String CHANGE = """
            UPDATE customer
            SET first_name = coalesce($2, first_name), last_name = coalesce($3, last_name), version = version + 1
            WHERE id = $1 AND status = 'REGISTRATION_SUCCESS' AND ($4::bigint[] IS NULL OR version = ANY ($4))
            RETURNING id, first_name, last_name, username, card_brand, card_last_four, card_valid_thru, status, created_at, version
            """;

    static final String FIND_REGISTRATIONS = """
            SELECT id, status, reason, created_at, settled_at FROM customer WHERE id = ANY ($1::uuid[])
            """;

    private CustomerSql() {}
}
