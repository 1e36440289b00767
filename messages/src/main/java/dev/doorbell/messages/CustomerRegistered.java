package dev.doorbell.messages;

import java.util.Objects;
import java.util.UUID;

/** {@link EventTypes#CUSTOMER_REGISTERED}: the registration has succeeded. */
public record CustomerRegistered(UUID customerId, String username) {
    public CustomerRegistered {
        Objects.requireNonNull(customerId, "customerId");
        Objects.requireNonNull(username, "username");
    }
}
