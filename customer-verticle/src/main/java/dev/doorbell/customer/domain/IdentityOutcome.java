package dev.doorbell.customer.domain;

/** What became of the customer's identity. */
public enum IdentityOutcome {
    /** The service runs without an identity provider. */
    NOT_REQUIRED,
    PROVISIONED,
    REFUSED
}
