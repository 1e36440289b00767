package dev.doorbell.payment.domain;

/** What has become of a customer's fee. {@link PaymentTransition} tells how one becomes another. */
public enum PaymentStatus {
    AUTHORIZED,
    /** The fee was never taken. Kept, and final. */
    REFUSED,
    /** The fee was authorised and given back. Final. */
    REVERSED
}
