package dev.doorbell.messages;

import java.util.Objects;
import java.util.UUID;

/** {@link EventTypes#CUSTOMER_REGISTRATION_DEAD_LOCK}: the registration failed because a reply did not come in time; follows the CustomerNotRegisteredEvent. */
public record CustomerRegistrationDeadLock(UUID customerId) {
    public CustomerRegistrationDeadLock {
        Objects.requireNonNull(customerId, "customerId");
    }
}
