package dev.doorbell.customer.domain;

/** What makes a pending registration terminal. */
public enum Trigger {
    /** Every reply is in and positive. */
    ALL_POSITIVE,
    /** The payment service refused the fee. */
    PAYMENT_REFUSED,
    /** The identity provider refused the user. */
    IDENTITY_REFUSED,
    /** A reply did not come in time. */
    DEADLINE_PASSED
}
