package dev.doorbell.customer.domain;

/** The payment service's reply. */
public enum PaymentOutcome {
    AUTHORIZED,
    REFUSED
}
