-- What uses up attempts at a first password is what the policy refuses, not what the provider has not done. And that one was
-- set is said of a user, not of the customer: who was lost and is made again has none.
ALTER TABLE password_attempt
    ADD COLUMN refused     integer NOT NULL DEFAULT 0 CHECK (refused >= 0),
    ADD COLUMN set_user_id text    CHECK (length(set_user_id) BETWEEN 1 AND 255);

COMMENT ON COLUMN password_attempt.attempts IS 'Grows with each attempt: how one has ended counts only if nobody has begun another one since.';
COMMENT ON COLUMN password_attempt.refused IS 'Attempts that the provider refused for the password, of which there are only so many.';
COMMENT ON COLUMN password_attempt.set_user_id IS 'The provider''s id of the user that was given the password; null for one before this was noted.';
