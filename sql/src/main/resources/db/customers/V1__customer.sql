-- Customers and their registrations: one row is both, the id is shared. REGISTRATION_PENDING is the saga's
-- semantic lock; both terminal statuses are final.
CREATE TABLE customer (
    id                   uuid        PRIMARY KEY,
    first_name           text        NOT NULL,
    last_name            text        NOT NULL,
    username             text        NOT NULL,
    username_released_at timestamptz,
    card_brand           text        NOT NULL,
    card_last_four       text        NOT NULL CHECK (card_last_four ~ '^[0-9]{4}$'),
    card_valid_thru      date        NOT NULL,
    status               text        NOT NULL DEFAULT 'REGISTRATION_PENDING'
                         CHECK (status IN ('REGISTRATION_PENDING', 'REGISTRATION_SUCCESS', 'REGISTRATION_FAILED')),
    reason               text,
    payment_outcome      text        CHECK (payment_outcome IN ('AUTHORIZED', 'REFUSED')),
    payment_id           uuid,
    identity_outcome     text        CHECK (identity_outcome IN ('NOT_REQUIRED', 'PROVISIONED', 'REFUSED')),
    created_at           timestamptz NOT NULL DEFAULT now(),
    settled_at           timestamptz,
    CHECK ((status = 'REGISTRATION_FAILED') = (reason IS NOT NULL)),
    CHECK ((status = 'REGISTRATION_PENDING') = (settled_at IS NULL)),
    CHECK ((payment_outcome IS NULL) = (payment_id IS NULL))
);

COMMENT ON COLUMN customer.username IS 'In its canonical form, lower case.';
COMMENT ON COLUMN customer.username_released_at IS 'When a failed registration gave the name back; until then nobody else gets it.';
COMMENT ON COLUMN customer.payment_outcome IS 'The payment service''s reply; null while it is awaited. A late one is recorded and changes nothing else.';
COMMENT ON COLUMN customer.identity_outcome IS 'NOT_REQUIRED without an identity provider; null while one is awaited.';

-- The claim on a username is this index, not a look-up before the insert: of two concurrent sign-ups the
-- second waits for the first to commit and then loses.
CREATE UNIQUE INDEX customer_username_claim ON customer (username) WHERE username_released_at IS NULL;

-- The deadlock detector's way to the oldest pending registrations, as small as their number.
CREATE INDEX customer_pending ON customer (created_at) WHERE status = 'REGISTRATION_PENDING';

-- What the deadlock detectors of all instances know together: until when the own relay or consumer lagged
-- (deadlines count from then), and when somebody last looked.
CREATE TABLE saga_watch (
    only_row   boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    lagged_at  timestamptz NOT NULL DEFAULT now(),
    checked_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO saga_watch DEFAULT VALUES;
