package dev.doorbell.payment.domain;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Where fees are authorised and given back: {@link TestCardProcessor}, or a client of a real acquirer.
 *
 * <p>Both calls are made inside a database transaction that may be rolled back and run again, so both must be
 * idempotent with the customer's id as the key, and answer within a few seconds: PostgreSQL ends a transaction that
 * stays idle for 10 s. Neither may block. A refusal is an answer. A stage that fails rolls the transaction back: with a
 * {@link java.io.IOException} or {@link java.util.concurrent.TimeoutException} (unreachable, in doubt) it is run again,
 * with anything else the event is dead-lettered.
 */
public interface CardProcessor {
    /**
     * A request to authorise a fee.
     *
     * @param validThru the last day on which the card is valid
     * @param balance what the test processor decides by; a real card has no such field
     */
    record Request(UUID customerId, Payer payer, LocalDate validThru, BigDecimal balance, Money fee) {}

    CompletionStage<Decision> authorize(Request request);

    /** Gives back what {@link #authorize} took for the customer. */
    CompletionStage<Void> reverse(UUID customerId, Money fee);

    /** @param refusal null when the fee is authorised */
    record Decision(Refusal refusal) {
        public static final Decision APPROVED = new Decision(null);

        public static Decision refused(Refusal refusal) {
            return new Decision(Objects.requireNonNull(refusal));
        }

        public boolean approved() {
            return refusal == null;
        }
    }
}
