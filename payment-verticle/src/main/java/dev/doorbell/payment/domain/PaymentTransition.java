package dev.doorbell.payment.domain;

import java.util.Optional;

/**
 * Every change of a payment's status that there is; whatever is not in the table changes nothing.
 *
 * <pre>
 *             no payment   AUTHORIZED   REFUSED   REVERSED
 * AUTHORIZE   AUTHORIZED   -            -         -
 * REFUSE      REFUSED      -            -         -
 * REVERSE     - (noted)    REVERSED     -         -
 * </pre>
 *
 * <p>A reversal that finds no payment is noted in the version file, and the later request becomes REFUSE.
 */
public enum PaymentTransition {
    AUTHORIZE(null, PaymentStatus.AUTHORIZED),
    REFUSE(null, PaymentStatus.REFUSED),
    REVERSE(PaymentStatus.AUTHORIZED, PaymentStatus.REVERSED);

    private final PaymentStatus from;
    private final PaymentStatus to;

    PaymentTransition(PaymentStatus from, PaymentStatus to) {
        this.from = from;
        this.to = to;
    }

    /** The status it starts from, or empty when it makes the payment. */
    public Optional<PaymentStatus> from() {
        return Optional.ofNullable(from);
    }

    public PaymentStatus to() {
        return to;
    }

    /** @param current null when there is no payment; the result is empty when nothing changes */
    public Optional<PaymentStatus> on(PaymentStatus current) {
        return current == from ? Optional.of(to) : Optional.empty();
    }
}
