package dev.doorbell.payment.domain;

/** Why a fee was not authorised; the names stand in the table, in events and in answers. */
public enum Refusal {
    NO_BALANCE_LEFT,
    CARD_EXPIRED,
    /** The registration had failed before the request to authorise was processed. */
    REGISTRATION_ALREADY_FAILED
}
