-- The version file (a countermeasure against commands that arrive out of order): which of the two commands
-- of a registration have arrived for a customer. Both use cases write it first, before they look at the
-- payment, so its row is the lock that puts two consumers at work on one customer in an order; and a
-- reversal that comes before the authorisation leaves its note here. One row a customer, kept as long as
-- the customer's payment: nobody can know that a late event will not come any more.
CREATE TABLE version_file (
    customer_id  uuid        PRIMARY KEY,
    requested_at timestamptz,
    reversed_at  timestamptz,
    CHECK (requested_at IS NOT NULL OR reversed_at IS NOT NULL)
);

COMMENT ON COLUMN version_file.requested_at IS 'When the first request to authorise was processed.';
COMMENT ON COLUMN version_file.reversed_at IS 'When the first news of the failed registration was processed; from then on nothing is authorised.';

-- The registration fee of a customer. Refused and reversed ones are kept: they are the record of what
-- happened. There is no column for a card number or a CVV: neither ever reaches this table.
CREATE TABLE payment (
    id                 uuid           PRIMARY KEY,
    customer_id        uuid           NOT NULL,
    payer_name         text           NOT NULL CHECK (char_length(payer_name) BETWEEN 1 AND 200),
    -- At most the last four digits in the clear (PCI DSS 3.4.1): a longer run of digits is a mistake upstream.
    payer_card         text           NOT NULL CHECK (char_length(payer_card) BETWEEN 1 AND 40 AND payer_card !~ '[0-9]{5}'),
    payer_card_brand   text           NOT NULL CHECK (char_length(payer_card_brand) BETWEEN 1 AND 40),
    payee_name         text           NOT NULL,
    payee_bank_account text           NOT NULL,
    payee_bank_name    text           NOT NULL,
    amount             numeric(19, 4) NOT NULL CHECK (amount >= 0),
    currency           text           NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    status             text           NOT NULL CHECK (status IN ('AUTHORIZED', 'REFUSED', 'REVERSED')),
    reason             text           CHECK (char_length(reason) BETWEEN 1 AND 100),
    created_at         timestamptz    NOT NULL DEFAULT now(),
    updated_at         timestamptz    NOT NULL DEFAULT now(),
    CHECK (status = 'AUTHORIZED' OR reason IS NOT NULL)
);

-- One payment a customer, so also at most one in force. The version file already sees to it; the index holds
-- even if a use case forgets, and a repeated request finds its payment by it.
CREATE UNIQUE INDEX payment_customer ON payment (customer_id);

COMMENT ON TABLE payment IS 'Registration fees, one a customer: authorised, refused or reversed.';
COMMENT ON COLUMN payment.id IS 'UUID version 7; the aggregate_id of the payment''s events.';
COMMENT ON COLUMN payment.payee_name IS 'Who received the fee, with account and bank: as configured when it was authorised.';
COMMENT ON COLUMN payment.currency IS 'ISO 4217.';
COMMENT ON COLUMN payment.reason IS 'Why it was refused or reversed; null while it is authorised.';
