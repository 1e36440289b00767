package dev.doorbell.customer.store;

/** What the comparison with the identity provider reads of {@code customer} and {@code identity}, and what it sets back. */
final class DriftSql {
    private static final String COLUMNS = """
            customer.id, customer.username, customer.status, customer.identity_outcome,
            identity.state, identity.user_id, identity.lease, identity.since
            """;

    /** By key, whatever the customers are, so that a page costs the same in a table full of failed ones. */
    static final String PAGE = "SELECT " + COLUMNS + """
            FROM (SELECT id, username, status, identity_outcome
                  FROM customer
                  WHERE id > $1
                  ORDER BY id
                  LIMIT $2) AS customer
                 LEFT JOIN identity ON identity.customer_id = customer.id
            ORDER BY customer.id
            """;

    static final String RECORDS = "SELECT " + COLUMNS + """
            FROM customer LEFT JOIN identity ON identity.customer_id = customer.id
            WHERE customer.id = ANY ($1::uuid[])
            """;

    /** Success is final, so no lock on the customer is needed; the row must be as it was when it was compared. */
    static final String ENABLE_AGAIN = """
            INSERT INTO identity AS existing (customer_id, state, due_at)
            SELECT id, 'ENABLING', now()
            FROM customer
            WHERE id = $1 AND status = 'REGISTRATION_SUCCESS'
            ON CONFLICT (customer_id) DO UPDATE
            SET state = 'ENABLING', due_at = now(), failures = 0, since = now()
            WHERE existing.state = $2 AND existing.lease = $3 AND existing.since = $4
            """;

    /** A failed registration is final too. Without a row of work, or with one at rest, which nobody is working on. */
    static final String REMOVE_AGAIN = """
            INSERT INTO identity AS existing (customer_id, state, due_at, user_id)
            SELECT id, 'REMOVING', now(), $2
            FROM customer
            WHERE id = $1 AND status = 'REGISTRATION_FAILED'
            ON CONFLICT (customer_id) DO UPDATE
            SET state = 'REMOVING', due_at = now(), failures = 0, since = now(), user_id = excluded.user_id
            WHERE existing.state IN ('REMOVED', 'REFUSED')
            """;

    /** Under the customer's lock: the payment's reply must find either both as they were, or both as they are then. */
    static final String PROVISION_AGAIN = """
            UPDATE identity
            SET state = 'REQUESTED', due_at = now(), failures = 0, since = now()
            WHERE customer_id = $1 AND state = 'PROVISIONED' AND lease = $2 AND since = $3
            """;

    static final String AWAIT_IDENTITY = """
            UPDATE customer SET identity_outcome = NULL
            WHERE id = $1 AND status = 'REGISTRATION_PENDING'
            """;

    static final String COUNT_DUE = """
            SELECT count(*) AS due FROM (SELECT FROM identity WHERE due_at <= now() LIMIT $1) AS due
            """;

    private DriftSql() {}
}
