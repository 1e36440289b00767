-- The inbox: what a consumer group has processed, written in the handler's own transaction. A repeat finds
-- its row and is dropped. The primary key sorts by the time in the event's id (UUID version 7), so pruning
-- is a range at its left end.
CREATE TABLE inbox (
    consumer     text        NOT NULL,
    event_id     uuid        NOT NULL,
    processed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, event_id)
);

COMMENT ON COLUMN inbox.consumer IS 'The Kafka consumer group.';

-- Records that could not be processed or published, whole, with their position and the reason.
CREATE TABLE dead_letter (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer         text        NOT NULL,
    topic            text        NOT NULL,
    kafka_partition  integer,
    kafka_offset     bigint,
    outbox_seq       bigint,
    event_id         uuid,
    event_type       text,
    record_key       bytea,
    record_value     bytea,
    record_headers   jsonb       NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(record_headers) = 'array'),
    record_timestamp timestamptz,
    reason           text        NOT NULL,
    cause            text,
    dead_at          timestamptz NOT NULL DEFAULT now(),
    UNIQUE (consumer, outbox_seq)
);

COMMENT ON TABLE dead_letter IS 'Poison records and those parked behind them; a row leaves when it was replayed or discarded.';
COMMENT ON COLUMN dead_letter.consumer IS 'The consumer group that could not process the record, or relay for one that could not be published.';
COMMENT ON COLUMN dead_letter.record_headers IS 'The Kafka headers in their order: [["name", "base64 of the value"], ...].';
COMMENT ON COLUMN dead_letter.reason IS 'POISON, PARKED, BEYOND_DEDUPE_HORIZON, UNDECODABLE or UNPUBLISHABLE.';

-- A record that is read again is here already. Its position alone does not say so: a topic that was made anew
-- begins at offset 0 again.
CREATE UNIQUE INDEX dead_letter_position
    ON dead_letter (consumer, topic, kafka_partition, kafka_offset, event_id, record_timestamp) NULLS NOT DISTINCT
    WHERE kafka_offset IS NOT NULL;

-- By the hash: a key may be longer than an index entry.
CREATE INDEX dead_letter_key ON dead_letter (consumer, topic, sha256(record_key), id);

-- A key with a poisoned record: its later records wait in dead_letter, in order, until it is replayed.
CREATE TABLE parked_key (
    consumer        text        NOT NULL,
    topic           text        NOT NULL,
    record_key      bytea       NOT NULL,
    record_key_hash bytea       GENERATED ALWAYS AS (sha256(record_key)) STORED,
    parked_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, topic, record_key_hash)
);
