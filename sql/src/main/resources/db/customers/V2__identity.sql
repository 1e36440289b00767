-- The users of the identity provider: work that is to be done there, one row per customer that needs a user. It is never
-- done inside a transaction: a worker takes a lease on a row, calls the provider and writes down what came of it. REQUESTED
-- (make a disabled user) leads to PROVISIONED or REFUSED; once the registration is decided, PROVISIONED leads to ENABLING and
-- ENABLED, and whatever may have left a user behind a failed registration to REMOVING and REMOVED.
CREATE TABLE identity (
    customer_id        uuid        PRIMARY KEY,
    state              text        NOT NULL
                       CHECK (state IN ('REQUESTED', 'PROVISIONED', 'REFUSED', 'ENABLING', 'ENABLED', 'REMOVING', 'REMOVED')),
    user_id            text        CHECK (length(user_id) BETWEEN 1 AND 255),
    due_at             timestamptz,
    lease              bigint      NOT NULL DEFAULT 0,
    failures           integer     NOT NULL DEFAULT 0,
    create_lands_until timestamptz,
    since              timestamptz NOT NULL DEFAULT now(),
    traceparent        text,
    CHECK ((due_at IS NULL) = (state IN ('PROVISIONED', 'REFUSED', 'ENABLED', 'REMOVED')))
);

COMMENT ON COLUMN identity.user_id IS 'The provider''s id of the user, as far as it is known.';
COMMENT ON COLUMN identity.due_at IS 'When a worker may take the row: for the first time, again after a failure, or when the lease of another is over. Null where there is nothing to do.';
COMMENT ON COLUMN identity.lease IS 'Grows with each lease: what a worker finds out counts only if nobody has taken the row since.';
COMMENT ON COLUMN identity.create_lands_until IS 'Until then a create that has had no answer may still make a user: the end of the token it was sent with. Null when each has been answered.';
COMMENT ON COLUMN identity.since IS 'When the row came into its state.';

-- As small as the work that is left.
CREATE INDEX identity_due ON identity (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX identity_since ON identity (since) WHERE due_at IS NOT NULL;
