-- The comparison of customers with the users of the identity provider: who does it, where it stands, and how the last one
-- ended. One row for all instances. It is written with every page, so that a comparison that was cut off goes on there.
CREATE TABLE reconciliation (
    only_row        boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    run             uuid,
    leased_until    timestamptz,
    pass            text        CHECK (pass IN ('USERS', 'CUSTOMERS')),
    users_first     integer     NOT NULL DEFAULT 0 CHECK (users_first >= 0),
    users_seen      text[]      NOT NULL DEFAULT '{}' CHECK (cardinality(users_seen) <= 1000),
    customers_after uuid,
    findings_left   integer     NOT NULL DEFAULT 0 CHECK (findings_left >= 0),
    since           timestamptz NOT NULL DEFAULT now(),
    ended_at        timestamptz NOT NULL DEFAULT now(),
    completed_at    timestamptz,
    completed_left  integer     NOT NULL DEFAULT 0,
    CHECK ((run IS NULL) = (leased_until IS NULL))
);

COMMENT ON COLUMN reconciliation.run IS 'Who compares now, for as long as leased_until is ahead; null for nobody.';
COMMENT ON COLUMN reconciliation.pass IS 'Where an unfinished comparison stands; null when the last one was completed.';
COMMENT ON COLUMN reconciliation.users_first IS 'Where the next page of the provider''s users begins.';
COMMENT ON COLUMN reconciliation.users_seen IS 'The ids of the page before: the next one must overlap with them, or users have gone from before it.';
COMMENT ON COLUMN reconciliation.customers_after IS 'Customers up to this id are compared; null for none.';
COMMENT ON COLUMN reconciliation.findings_left IS 'What this comparison has found and not repaired.';
COMMENT ON COLUMN reconciliation.since IS 'When the first one could have begun.';
COMMENT ON COLUMN reconciliation.completed_left IS 'The same of the last one that was completed.';

INSERT INTO reconciliation DEFAULT VALUES;
