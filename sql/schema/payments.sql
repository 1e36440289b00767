-- The schema of the database payments, generated from the catalogue after all migrations.
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

CREATE TABLE payment (
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    payer_name text NOT NULL,
    payer_card text NOT NULL,
    payer_card_brand text NOT NULL,
    payee_name text NOT NULL,
    payee_bank_account text NOT NULL,
    payee_bank_name text NOT NULL,
    amount numeric(19,4) NOT NULL,
    currency text NOT NULL,
    status text NOT NULL,
    reason text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT payment_pkey PRIMARY KEY (id),
    CONSTRAINT payment_amount_check CHECK ((amount >= (0)::numeric)),
    CONSTRAINT payment_check CHECK (((status = 'AUTHORIZED'::text) OR (reason IS NOT NULL))),
    CONSTRAINT payment_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT payment_payer_card_brand_check CHECK (((char_length(payer_card_brand) >= 1) AND (char_length(payer_card_brand) <= 40))),
    CONSTRAINT payment_payer_card_check CHECK ((((char_length(payer_card) >= 1) AND (char_length(payer_card) <= 40)) AND (payer_card !~ '[0-9]{5}'::text))),
    CONSTRAINT payment_payer_name_check CHECK (((char_length(payer_name) >= 1) AND (char_length(payer_name) <= 200))),
    CONSTRAINT payment_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 100))),
    CONSTRAINT payment_status_check CHECK ((status = ANY (ARRAY['AUTHORIZED'::text, 'REFUSED'::text, 'REVERSED'::text])))
);
CREATE UNIQUE INDEX payment_customer ON public.payment USING btree (customer_id);

CREATE TABLE version_file (
    customer_id uuid NOT NULL,
    requested_at timestamp with time zone,
    reversed_at timestamp with time zone,
    CONSTRAINT version_file_pkey PRIMARY KEY (customer_id),
    CONSTRAINT version_file_check CHECK (((requested_at IS NOT NULL) OR (reversed_at IS NOT NULL)))
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

COMMENT ON TABLE dead_letter IS 'Poison records and those parked behind them; a row leaves when it was replayed or discarded.';
COMMENT ON COLUMN dead_letter.consumer IS 'The consumer group that could not process the record, or relay for one that could not be published.';
COMMENT ON COLUMN dead_letter.record_headers IS 'The Kafka headers in their order: [["name", "base64 of the value"], ...].';
COMMENT ON COLUMN dead_letter.reason IS 'POISON, PARKED, BEYOND_DEDUPE_HORIZON, UNDECODABLE or UNPUBLISHABLE.';
COMMENT ON COLUMN inbox.consumer IS 'The Kafka consumer group.';
COMMENT ON TABLE outbox IS 'Events to publish, append-only; the relay removes rows after the retention time.';
COMMENT ON COLUMN outbox.seq IS 'Order of publication. Drawn after the aggregate''s row was written or locked, so per aggregate it is the order of commits.';
COMMENT ON COLUMN outbox.event_id IS 'UUID version 7, made by the writer; consumers drop repeats by it.';
COMMENT ON COLUMN outbox.topic IS 'Overrides the topic that the relay derives from aggregate_type.';
COMMENT ON COLUMN outbox.headers IS 'Further Kafka headers, name to string.';
COMMENT ON TABLE payment IS 'Registration fees, one a customer: authorised, refused or reversed.';
COMMENT ON COLUMN payment.id IS 'UUID version 7; the aggregate_id of the payment''s events.';
COMMENT ON COLUMN payment.payee_name IS 'Who received the fee, with account and bank: as configured when it was authorised.';
COMMENT ON COLUMN payment.currency IS 'ISO 4217.';
COMMENT ON COLUMN payment.reason IS 'Why it was refused or reversed; null while it is authorised.';
COMMENT ON COLUMN version_file.requested_at IS 'When the first request to authorise was processed.';
COMMENT ON COLUMN version_file.reversed_at IS 'When the first news of the failed registration was processed; from then on nothing is authorised.';
COMMENT ON TRIGGER outbox_ring on outbox IS 'Wakes a relay that leads and sleeps; silent otherwise.';
