package dev.doorbell.messages;

import java.util.Objects;
import java.util.UUID;

/** {@link EventTypes#CUSTOMER_NOT_REGISTERED}: the registration has failed; what it did is to be undone. The reason is one of {@link Reasons}. */
public record CustomerNotRegistered(UUID customerId, String reason) {
    public CustomerNotRegistered {
        Objects.requireNonNull(customerId, "customerId");
        Objects.requireNonNull(reason, "reason");
    }
}
