-- The outbox: rows are appended in the transaction that changes the aggregate and published by the relay
-- in the order of seq. CACHE 1 because a session that hoards sequence values commits them out of order
-- for ever, not just for a moment; the relay refuses to start on any other.
CREATE TABLE outbox (
    seq            bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
    -- Version 7, because consumers judge by the time in it whether they would still know a repeat.
    event_id       uuid        NOT NULL CHECK (substr(event_id::text, 15, 1) = '7'),
    aggregate_type text        NOT NULL CHECK (aggregate_type ~ '^[A-Za-z0-9._-]{1,200}$'),
    -- Short enough for the indexes of dead_letter and parked_key, where it is part of the key.
    aggregate_id   text        NOT NULL CHECK (octet_length(aggregate_id) BETWEEN 1 AND 2000),
    event_type     text        NOT NULL,
    topic          text        CHECK (topic ~ '^[A-Za-z0-9._-]{1,249}$'),
    payload        bytea       NOT NULL,
    content_type   text        NOT NULL DEFAULT 'application/json',
    traceparent    text,
    headers        jsonb       CHECK (jsonb_typeof(headers) = 'object'),
    created_at     timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE outbox IS 'Events to publish, append-only; the relay removes rows after the retention time.';
COMMENT ON COLUMN outbox.seq IS 'Order of publication. Drawn after the aggregate''s row was written or locked, so per aggregate it is the order of commits.';
COMMENT ON COLUMN outbox.event_id IS 'UUID version 7, made by the writer; consumers drop repeats by it.';
COMMENT ON COLUMN outbox.topic IS 'Overrides the topic that the relay derives from aggregate_type.';
COMMENT ON COLUMN outbox.headers IS 'Further Kafka headers, name to string.';

-- Where the relay stands. published_through is the last seq before the lowest one that Kafka has not
-- acknowledged; the gaps are ranges at or below it (both ends included) that may still be filled.
CREATE TABLE outbox_cursor (
    outbox            text        PRIMARY KEY,
    published_through bigint      NOT NULL DEFAULT 0 CHECK (published_through >= 0),
    gap_starts        bigint[]    NOT NULL DEFAULT '{}',
    gap_ends          bigint[]    NOT NULL DEFAULT '{}',
    updated_at        timestamptz NOT NULL DEFAULT now(),
    CHECK (cardinality(gap_starts) = cardinality(gap_ends))
);

INSERT INTO outbox_cursor (outbox) VALUES ('outbox');

-- Wakes the relay. A statement-level trigger rings once however many rows the statement inserts; equal
-- notifications of one transaction collapse into one.
CREATE FUNCTION outbox_ring() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('outbox', '');
    RETURN NULL;
END
$$;

CREATE TRIGGER outbox_ring AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION outbox_ring();

-- For a person in psql: payloads as text where they are text, as hexadecimal digits where not.
CREATE FUNCTION outbox_payload_text(payload bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN convert_from(payload, 'UTF8');
EXCEPTION WHEN character_not_in_repertoire OR untranslatable_character THEN
    RETURN '\x' || encode(payload, 'hex');
END
$$;

CREATE VIEW outbox_readable AS
SELECT seq, event_id, aggregate_type, aggregate_id, event_type, topic, outbox_payload_text(payload) AS payload,
       content_type, traceparent, headers, created_at
FROM outbox;
