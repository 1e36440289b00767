package dev.doorbell.customer.store;

/** Statements on {@code reconciliation}. */
final class ReconciliationSql {
    /**
     * Nobody compares, or who did has not been heard of for the time of its lease. $3 is null for somebody who asks for it
     * now; otherwise it has to be due: the interval has passed since the last end, which after a failure is shortened to
     * $4, and what was cut off is due at once. With $5 an unfinished comparison goes on where it stands.
     */
    static final String TAKE = """
            UPDATE reconciliation
            SET run = $1,
                leased_until = now() + $2::bigint * interval '1 millisecond',
                pass = CASE WHEN $5 THEN coalesce(pass, 'USERS') ELSE 'USERS' END,
                users_first = CASE WHEN $5 AND pass IS NOT NULL THEN users_first ELSE 0 END,
                users_seen = CASE WHEN $5 AND pass IS NOT NULL THEN users_seen ELSE '{}' END,
                customers_after = CASE WHEN $5 AND pass IS NOT NULL THEN customers_after END,
                findings_left = CASE WHEN $5 AND pass IS NOT NULL THEN findings_left ELSE 0 END
            WHERE coalesce(leased_until <= now(), true)
              AND ($3::bigint IS NULL
                   OR leased_until IS NOT NULL
                   OR ended_at + CASE WHEN pass IS NULL THEN $3 ELSE least($3, $4::bigint) END * interval '1 millisecond'
                      <= now())
            RETURNING pass, users_first, users_seen, customers_after, findings_left
            """;

    /** Renews the lease, unless somebody else has taken over. */
    static final String PROGRESS = """
            UPDATE reconciliation
            SET leased_until = now() + $2::bigint * interval '1 millisecond',
                pass = $3, users_first = $4, users_seen = $5, customers_after = $6, findings_left = $7
            WHERE run = $1
            """;

    static final String COMPLETE = """
            UPDATE reconciliation
            SET run = NULL, leased_until = NULL, pass = NULL, users_first = 0, users_seen = '{}', customers_after = NULL,
                ended_at = now(), completed_at = now(), completed_left = findings_left
            WHERE run = $1
            """;

    /** What was reached stays. */
    static final String GIVE_UP = """
            UPDATE reconciliation SET run = NULL, leased_until = NULL, ended_at = now() WHERE run = $1
            """;

    static final String STATUS = """
            SELECT completed_at IS NOT NULL AS completed,
                   extract(epoch FROM now() - coalesce(completed_at, since))::float8 AS age_s,
                   completed_left
            FROM reconciliation
            """;

    private ReconciliationSql() {}
}
