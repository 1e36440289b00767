-- Setting the password of a registration's user: done once, by one request at a time, and tried a few times at most, on
-- whichever instance. Neither the password nor the secret that permits it is ever stored.
CREATE TABLE password_attempt (
    customer_id uuid        PRIMARY KEY,
    attempts    integer     NOT NULL CHECK (attempts > 0),
    busy_until  timestamptz,
    set_at      timestamptz
);

COMMENT ON COLUMN password_attempt.busy_until IS 'Until then the last attempt may still take effect; null once it has been answered.';
COMMENT ON COLUMN password_attempt.set_at IS 'When the password was set, which is once; that it is there is known to the identity provider alone.';
