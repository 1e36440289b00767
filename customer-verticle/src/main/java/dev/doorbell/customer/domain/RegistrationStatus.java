package dev.doorbell.customer.domain;

/** Where a registration stands. The two terminal statuses are final. */
public enum RegistrationStatus {
    REGISTRATION_PENDING,
    REGISTRATION_SUCCESS,
    REGISTRATION_FAILED;

    public boolean isTerminal() {
        return this != REGISTRATION_PENDING;
    }
}
