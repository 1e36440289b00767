package dev.doorbell.customer.store;

/** Statements on {@code identity}. */
final class IdentitySql {
    /**
     * One row with whether there is such a customer. A registration that needs no user, or has failed meanwhile, gets no
     * row; the rejection that comes first has left one ({@link #REJECT}), and the insert waits for its transaction.
     */
    static final String REQUEST = """
            WITH asked AS (
                SELECT id, status, identity_outcome FROM customer WHERE id = $1
            ), requested AS (
                INSERT INTO identity (customer_id, state, due_at, traceparent)
                SELECT id, 'REQUESTED', now(), $2
                FROM asked
                WHERE status = 'REGISTRATION_PENDING' AND identity_outcome IS NULL
                ON CONFLICT (customer_id) DO NOTHING
            )
            SELECT count(*) = 1 AS known FROM asked
            """;

    /** At rest, nothing is due. */
    static final String ADVANCE = """
            UPDATE identity
            SET state = $3,
                due_at = CASE WHEN $3 IN ('REQUESTED', 'ENABLING', 'REMOVING') THEN now() END,
                failures = 0,
                since = now()
            WHERE customer_id = $1 AND state = $2
            """;

    /**
     * The registration fails. Where no create was ever sent, or each was answered without a user, nothing is left to
     * remove. A rejection that comes before the request leaves a row all the same, so that the request finds it: their
     * inserts meet in the primary key, whichever comes first.
     */
    static final String REJECT = """
            INSERT INTO identity AS existing (customer_id, state)
            VALUES ($1, 'REMOVED')
            ON CONFLICT (customer_id) DO UPDATE
            SET state = CASE WHEN existing.user_id IS NULL AND existing.create_lands_until IS NULL
                             THEN CASE WHEN existing.state = 'REFUSED' THEN 'REFUSED' ELSE 'REMOVED' END
                             ELSE 'REMOVING' END,
                due_at = CASE WHEN existing.user_id IS NULL AND existing.create_lands_until IS NULL THEN NULL ELSE now() END,
                failures = 0,
                since = now()
            RETURNING due_at IS NULL AS nothing_left
            """;

    static final String ANY_DUE = "SELECT EXISTS (SELECT FROM identity WHERE due_at <= now()) AS due";

    /**
     * Takes rows that are due, so that for the time of the lease nobody else does. Written down before anything is sent:
     * until when a create of this lease may still make a user. SKIP LOCKED lets workers of several instances take rows
     * beside each other.
     */
    static final String LEASE = """
            WITH due AS (
                SELECT customer_id, create_lands_until AS earlier_lands_until
                FROM identity
                WHERE due_at <= now()
                ORDER BY due_at
                LIMIT $1
                FOR UPDATE SKIP LOCKED
            ), leased AS (
                UPDATE identity
                SET lease = lease + 1,
                    due_at = now() + $2::bigint * interval '1 millisecond',
                    create_lands_until = CASE WHEN state IN ('REQUESTED', 'ENABLING')
                                              THEN greatest(create_lands_until, now() + $3::bigint * interval '1 millisecond')
                                              ELSE create_lands_until END
                FROM due
                WHERE identity.customer_id = due.customer_id
                RETURNING identity.*, due.earlier_lands_until
            )
            SELECT leased.customer_id, leased.state, leased.user_id, leased.lease, leased.failures, leased.traceparent,
                   leased.create_lands_until, leased.earlier_lands_until,
                   coalesce(leased.earlier_lands_until > now(), false) AS create_may_land,
                   customer.username, customer.first_name, customer.last_name
            FROM leased JOIN customer ON customer.id = leased.customer_id
            """;

    /**
     * A create was answered: it cannot make a user any more, and what earlier ones may do is as it was. The removal that
     * waits for just that goes on at once; a user that is told of when all was thought to be over is removed after all.
     */
    static final String NOTE_ANSWER = """
            UPDATE identity
            SET user_id = coalesce($2::text, user_id),
                create_lands_until = CASE WHEN create_lands_until = $3 THEN $4 ELSE create_lands_until END,
                state = CASE WHEN state IN ('REMOVED', 'REFUSED') AND $2::text IS NOT NULL THEN 'REMOVING' ELSE state END,
                due_at = CASE WHEN state = 'REMOVING' OR state IN ('REMOVED', 'REFUSED') AND $2::text IS NOT NULL THEN now()
                              ELSE due_at END
            WHERE customer_id = $1
            """;

    static final String REFUSE = """
            UPDATE identity
            SET state = 'REFUSED', due_at = NULL, failures = 0, since = now()
            WHERE customer_id = $1 AND state = 'REQUESTED' AND lease = $2
            """;

    /**
     * The provider has no such user. If a create could still land when the look for it began, what was seen says nothing
     * about later: look again when it can no more.
     *
     * <p>$3 is whether it could.
     */
    static final String REMOVED = """
            UPDATE identity
            SET state = CASE WHEN $3 THEN state ELSE 'REMOVED' END,
                due_at = CASE WHEN NOT $3 THEN NULL WHEN create_lands_until > now() THEN create_lands_until ELSE now() END,
                user_id = CASE WHEN $3 THEN user_id END,
                create_lands_until = CASE WHEN $3 THEN create_lands_until END,
                failures = 0,
                since = CASE WHEN $3 THEN since ELSE now() END
            WHERE customer_id = $1 AND state = 'REMOVING' AND lease = $2
            RETURNING state = 'REMOVED' AS removed
            """;

    /** The lease is made longer, if it is still this one. */
    static final String HOLD = """
            UPDATE identity
            SET due_at = greatest(due_at, now() + $4::bigint * interval '1 millisecond')
            WHERE customer_id = $1 AND lease = $2 AND state = $3
            """;

    /** Of an attempt that was given up and may still be at work ($5) the lease goes on, and so does what it holds. */
    static final String RETRY_LATER = """
            UPDATE identity
            SET failures = failures + 1,
                due_at = greatest(CASE WHEN $5 THEN due_at END, now() + $4::bigint * interval '1 millisecond')
            WHERE customer_id = $1 AND lease = $2 AND state = $3
            """;

    /** What belongs to a registration that has failed and is not being removed: to be removed once more. */
    static final String REMOVE_AGAIN = """
            UPDATE identity
            SET state = 'REMOVING', due_at = now(), failures = 0, since = now(), user_id = $2
            WHERE customer_id = $1
              AND state IN ('REMOVED', 'REFUSED')
              AND EXISTS (SELECT FROM customer WHERE id = $1 AND status = 'REGISTRATION_FAILED')
            """;

    static final String STATE_OF = "SELECT state FROM identity WHERE customer_id = $1";

    static final String OLDEST_IN_WORK = """
            SELECT coalesce(extract(epoch FROM now() - min(since)), 0)::float8 AS age_s FROM identity WHERE due_at IS NOT NULL
            """;

    private IdentitySql() {}
}
