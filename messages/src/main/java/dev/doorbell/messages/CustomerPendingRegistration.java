package dev.doorbell.messages;

import java.util.Objects;
import java.util.UUID;

/** {@link EventTypes#CUSTOMER_PENDING_REGISTRATION}: a customer waits for the fee to be authorised. */
public record CustomerPendingRegistration(UUID customerId, String firstName, String lastName, Card card) {
    public CustomerPendingRegistration {
        Objects.requireNonNull(customerId, "customerId");
        Objects.requireNonNull(firstName, "firstName");
        Objects.requireNonNull(lastName, "lastName");
        Objects.requireNonNull(card, "card");
    }
}
