-- A sequence that was set back (TRUNCATE ... RESTART IDENTITY, a restore) gives the number of an old dead letter to a
-- new row. By the number alone the new row would count as kept already, and be lost.
ALTER TABLE dead_letter
    DROP CONSTRAINT dead_letter_consumer_outbox_seq_key,
    ADD CONSTRAINT dead_letter_outbox_event UNIQUE (consumer, outbox_seq, event_id);
