-- The schema of the database customers, generated from the catalogue after all migrations.
-- For review, not to be edited or run. To write it anew:
--   mvn -pl system-tests -am test "-Dtest=SchemaIsCurrentTest" "-Dsurefire.failIfNoSpecifiedTests=false" "-Dschema.write=true"

CREATE OR REPLACE FUNCTION public.outbox_payload_text(payload bytea)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
BEGIN
    RETURN convert_from(payload, 'UTF8');
EXCEPTION WHEN character_not_in_repertoire OR untranslatable_character THEN
    RETURN '\x' || encode(payload, 'hex');
END
$function$;

CREATE OR REPLACE FUNCTION public.outbox_ring()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    PERFORM pg_notify('outbox', '');
    RETURN NULL;
END
$function$;

CREATE TABLE customer (
    id uuid NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    username text NOT NULL,
    username_released_at timestamp with time zone,
    card_brand text NOT NULL,
    card_last_four text NOT NULL,
    card_valid_thru date NOT NULL,
    status text DEFAULT 'REGISTRATION_PENDING'::text NOT NULL,
    reason text,
    payment_outcome text,
    payment_id uuid,
    identity_outcome text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    settled_at timestamp with time zone,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT customer_pkey PRIMARY KEY (id),
    CONSTRAINT customer_card_last_four_check CHECK ((card_last_four ~ '^[0-9]{4}$'::text)),
    CONSTRAINT customer_check CHECK (((status = 'REGISTRATION_FAILED'::text) = (reason IS NOT NULL))),
    CONSTRAINT customer_check1 CHECK (((status = 'REGISTRATION_PENDING'::text) = (settled_at IS NULL))),
    CONSTRAINT customer_check2 CHECK (((payment_outcome IS NULL) = (payment_id IS NULL))),
    CONSTRAINT customer_identity_outcome_check CHECK ((identity_outcome = ANY (ARRAY['NOT_REQUIRED'::text, 'PROVISIONED'::text, 'REFUSED'::text]))),
    CONSTRAINT customer_payment_outcome_check CHECK ((payment_outcome = ANY (ARRAY['AUTHORIZED'::text, 'REFUSED'::text]))),
    CONSTRAINT customer_status_check CHECK ((status = ANY (ARRAY['REGISTRATION_PENDING'::text, 'REGISTRATION_SUCCESS'::text, 'REGISTRATION_FAILED'::text]))),
    CONSTRAINT customer_version_check CHECK ((version > 0))
);
CREATE INDEX customer_pending ON public.customer USING btree (created_at) WHERE (status = 'REGISTRATION_PENDING'::text);
CREATE UNIQUE INDEX customer_username_claim ON public.customer USING btree (username) WHERE (username_released_at IS NULL);

CREATE TABLE dead_letter (
    id bigint GENERATED ALWAYS AS IDENTITY (START 1 INCREMENT 1 CACHE 1) NOT NULL,
    consumer text NOT NULL,
    topic text NOT NULL,
    kafka_partition integer,
    kafka_offset bigint,
    outbox_seq bigint,
    event_id uuid,
    event_type text,
    record_key bytea,
    record_value bytea,
    record_headers jsonb DEFAULT '[]'::jsonb NOT NULL,
    record_timestamp timestamp with time zone,
    reason text NOT NULL,
    cause text,
    dead_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT dead_letter_pkey PRIMARY KEY (id),
    CONSTRAINT dead_letter_outbox_event UNIQUE (consumer, outbox_seq, event_id),
    CONSTRAINT dead_letter_record_headers_check CHECK ((jsonb_typeof(record_headers) = 'array'::text))
);
CREATE INDEX dead_letter_key ON public.dead_letter USING btree (consumer, topic, sha256(record_key), id);
CREATE UNIQUE INDEX dead_letter_position ON public.dead_letter USING btree (consumer, topic, kafka_partition, kafka_offset, event_id, record_timestamp) NULLS NOT DISTINCT WHERE (kafka_offset IS NOT NULL);

CREATE TABLE identity (
    customer_id uuid NOT NULL,
    state text NOT NULL,
    user_id text,
    due_at timestamp with time zone,
    lease bigint DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    create_lands_until timestamp with time zone,
    since timestamp with time zone DEFAULT now() NOT NULL,
    traceparent text,
    CONSTRAINT identity_pkey PRIMARY KEY (customer_id),
    CONSTRAINT identity_check CHECK (((due_at IS NULL) = (state = ANY (ARRAY['PROVISIONED'::text, 'REFUSED'::text, 'ENABLED'::text, 'REMOVED'::text])))),
    CONSTRAINT identity_state_check CHECK ((state = ANY (ARRAY['REQUESTED'::text, 'PROVISIONED'::text, 'REFUSED'::text, 'ENABLING'::text, 'ENABLED'::text, 'REMOVING'::text, 'REMOVED'::text]))),
    CONSTRAINT identity_user_id_check CHECK (((length(user_id) >= 1) AND (length(user_id) <= 255)))
);
CREATE INDEX identity_due ON public.identity USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX identity_since ON public.identity USING btree (since) WHERE (due_at IS NOT NULL);

CREATE TABLE inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    processed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT inbox_pkey PRIMARY KEY (consumer, event_id)
);

CREATE TABLE outbox (
    seq bigint GENERATED ALWAYS AS IDENTITY (START 1 INCREMENT 1 CACHE 1) NOT NULL,
    event_id uuid NOT NULL,
    aggregate_type text NOT NULL,
    aggregate_id text NOT NULL,
    event_type text NOT NULL,
    topic text,
    payload bytea NOT NULL,
    content_type text DEFAULT 'application/json'::text NOT NULL,
    traceparent text,
    headers jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT outbox_pkey PRIMARY KEY (seq),
    CONSTRAINT outbox_aggregate_id_check CHECK (((octet_length(aggregate_id) >= 1) AND (octet_length(aggregate_id) <= 2000))),
    CONSTRAINT outbox_aggregate_type_check CHECK ((aggregate_type ~ '^[A-Za-z0-9._-]{1,200}$'::text)),
    CONSTRAINT outbox_event_id_check CHECK ((substr((event_id)::text, 15, 1) = '7'::text)),
    CONSTRAINT outbox_headers_check CHECK ((jsonb_typeof(headers) = 'object'::text)),
    CONSTRAINT outbox_topic_check CHECK ((topic ~ '^[A-Za-z0-9._-]{1,249}$'::text))
);
CREATE TRIGGER outbox_ring AFTER INSERT ON public.outbox FOR EACH STATEMENT WHEN (
        CASE
            WHEN (NOT pg_try_advisory_lock_shared(1111837772, 537502032)) THEN false
            WHEN (NOT pg_advisory_unlock_shared(1111837772, 537502032)) THEN true
            WHEN pg_try_advisory_lock_shared(1146048338, 537502032) THEN (NOT pg_advisory_unlock_shared(1146048338, 537502032))
            ELSE true
        END) EXECUTE FUNCTION outbox_ring();

CREATE TABLE outbox_cursor (
    outbox text NOT NULL,
    published_through bigint DEFAULT 0 NOT NULL,
    gap_starts bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    gap_ends bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT outbox_cursor_pkey PRIMARY KEY (outbox),
    CONSTRAINT outbox_cursor_check CHECK ((cardinality(gap_starts) = cardinality(gap_ends))),
    CONSTRAINT outbox_cursor_published_through_check CHECK ((published_through >= 0))
);

CREATE TABLE parked_key (
    consumer text NOT NULL,
    topic text NOT NULL,
    record_key bytea NOT NULL,
    record_key_hash bytea GENERATED ALWAYS AS (sha256(record_key)) STORED NOT NULL,
    parked_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT parked_key_pkey PRIMARY KEY (consumer, topic, record_key_hash)
);

CREATE TABLE password_attempt (
    customer_id uuid NOT NULL,
    attempts integer NOT NULL,
    busy_until timestamp with time zone,
    set_at timestamp with time zone,
    refused integer DEFAULT 0 NOT NULL,
    set_user_id text,
    CONSTRAINT password_attempt_pkey PRIMARY KEY (customer_id),
    CONSTRAINT password_attempt_attempts_check CHECK ((attempts > 0)),
    CONSTRAINT password_attempt_refused_check CHECK ((refused >= 0)),
    CONSTRAINT password_attempt_set_user_id_check CHECK (((length(set_user_id) >= 1) AND (length(set_user_id) <= 255)))
);

CREATE TABLE reconciliation (
    only_row boolean DEFAULT true NOT NULL,
    run uuid,
    leased_until timestamp with time zone,
    pass text,
    users_first integer DEFAULT 0 NOT NULL,
    users_seen text[] DEFAULT '{}'::text[] NOT NULL,
    customers_after uuid,
    findings_left integer DEFAULT 0 NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone DEFAULT now() NOT NULL,
    completed_at timestamp with time zone,
    completed_left integer DEFAULT 0 NOT NULL,
    CONSTRAINT reconciliation_pkey PRIMARY KEY (only_row),
    CONSTRAINT reconciliation_check CHECK (((run IS NULL) = (leased_until IS NULL))),
    CONSTRAINT reconciliation_findings_left_check CHECK ((findings_left >= 0)),
    CONSTRAINT reconciliation_only_row_check CHECK (only_row),
    CONSTRAINT reconciliation_pass_check CHECK ((pass = ANY (ARRAY['USERS'::text, 'CUSTOMERS'::text]))),
    CONSTRAINT reconciliation_users_first_check CHECK ((users_first >= 0)),
    CONSTRAINT reconciliation_users_seen_check CHECK ((cardinality(users_seen) <= 1000))
);

CREATE TABLE saga_watch (
    only_row boolean DEFAULT true NOT NULL,
    lagged_at timestamp with time zone DEFAULT now() NOT NULL,
    checked_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT saga_watch_pkey PRIMARY KEY (only_row),
    CONSTRAINT saga_watch_only_row_check CHECK (only_row)
);

CREATE VIEW outbox_readable AS
 SELECT seq,
    event_id,
    aggregate_type,
    aggregate_id,
    event_type,
    topic,
    outbox_payload_text(payload) AS payload,
    content_type,
    traceparent,
    headers,
    created_at
   FROM outbox;

COMMENT ON COLUMN customer.username IS 'In its canonical form, lower case.';
COMMENT ON COLUMN customer.username_released_at IS 'When a failed registration gave the name back; until then nobody else gets it.';
COMMENT ON COLUMN customer.payment_outcome IS 'The payment service''s reply; null while it is awaited. A late one is recorded and changes nothing else.';
COMMENT ON COLUMN customer.identity_outcome IS 'NOT_REQUIRED without an identity provider; null while one is awaited.';
COMMENT ON TABLE dead_letter IS 'Poison records and those parked behind them; a row leaves when it was replayed or discarded.';
COMMENT ON COLUMN dead_letter.consumer IS 'The consumer group that could not process the record, or relay for one that could not be published.';
COMMENT ON COLUMN dead_letter.record_headers IS 'The Kafka headers in their order: [["name", "base64 of the value"], ...].';
COMMENT ON COLUMN dead_letter.reason IS 'POISON, PARKED, BEYOND_DEDUPE_HORIZON, UNDECODABLE or UNPUBLISHABLE.';
COMMENT ON COLUMN identity.user_id IS 'The provider''s id of the user, as far as it is known.';
COMMENT ON COLUMN identity.due_at IS 'When a worker may take the row: for the first time, again after a failure, or when the lease of another is over. Null where there is nothing to do.';
COMMENT ON COLUMN identity.lease IS 'Grows with each lease: what a worker finds out counts only if nobody has taken the row since.';
COMMENT ON COLUMN identity.create_lands_until IS 'Until then a create that has had no answer may still make a user: the end of the token it was sent with. Null when each has been answered.';
COMMENT ON COLUMN identity.since IS 'When the row came into its state.';
COMMENT ON COLUMN inbox.consumer IS 'The Kafka consumer group.';
COMMENT ON TABLE outbox IS 'Events to publish, append-only; the relay removes rows after the retention time.';
COMMENT ON COLUMN outbox.seq IS 'Order of publication. Drawn after the aggregate''s row was written or locked, so per aggregate it is the order of commits.';
COMMENT ON COLUMN outbox.event_id IS 'UUID version 7, made by the writer; consumers drop repeats by it.';
COMMENT ON COLUMN outbox.topic IS 'Overrides the topic that the relay derives from aggregate_type.';
COMMENT ON COLUMN outbox.headers IS 'Further Kafka headers, name to string.';
COMMENT ON COLUMN password_attempt.attempts IS 'Grows with each attempt: how one has ended counts only if nobody has begun another one since.';
COMMENT ON COLUMN password_attempt.busy_until IS 'Until then the last attempt may still take effect; null once it has been answered.';
COMMENT ON COLUMN password_attempt.set_at IS 'When the password was set, which is once; that it is there is known to the identity provider alone.';
COMMENT ON COLUMN password_attempt.refused IS 'Attempts that the provider refused for the password, of which there are only so many.';
COMMENT ON COLUMN password_attempt.set_user_id IS 'The provider''s id of the user that was given the password; null for one before this was noted.';
COMMENT ON COLUMN reconciliation.run IS 'Who compares now, for as long as leased_until is ahead; null for nobody.';
COMMENT ON COLUMN reconciliation.pass IS 'Where an unfinished comparison stands; null when the last one was completed.';
COMMENT ON COLUMN reconciliation.users_first IS 'Where the next page of the provider''s users begins.';
COMMENT ON COLUMN reconciliation.users_seen IS 'The ids of the page before: the next one must overlap with them, or users have gone from before it.';
COMMENT ON COLUMN reconciliation.customers_after IS 'Customers up to this id are compared; null for none.';
COMMENT ON COLUMN reconciliation.findings_left IS 'What this comparison has found and not repaired.';
COMMENT ON COLUMN reconciliation.since IS 'When the first one could have begun.';
COMMENT ON COLUMN reconciliation.completed_left IS 'The same of the last one that was completed.';
COMMENT ON TRIGGER outbox_ring on outbox IS 'Wakes a relay that leads and sleeps; silent otherwise.';
