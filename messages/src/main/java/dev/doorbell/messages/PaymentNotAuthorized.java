package dev.doorbell.messages;

import java.util.Objects;
import java.util.UUID;

/** {@link EventTypes#PAYMENT_NOT_AUTHORIZED}: the fee was refused. The reason is one of {@link Reasons}. */
public record PaymentNotAuthorized(UUID paymentId, UUID customerId, String reason) {
    public PaymentNotAuthorized {
        Objects.requireNonNull(paymentId, "paymentId");
        Objects.requireNonNull(customerId, "customerId");
        Objects.requireNonNull(reason, "reason");
    }
}
