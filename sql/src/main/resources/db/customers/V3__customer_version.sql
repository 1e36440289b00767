-- What ETag and If-Match compare: grows with every change that a reader of the customer can see. With a constant default the
-- column is added without rewriting the table.
ALTER TABLE customer ADD COLUMN version bigint NOT NULL DEFAULT 1 CHECK (version > 0);
