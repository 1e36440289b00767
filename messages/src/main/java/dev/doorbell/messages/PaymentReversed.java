package dev.doorbell.messages;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.UUID;

/** {@link EventTypes#PAYMENT_REVERSED}: an authorised fee was given back. */
public record PaymentReversed(UUID paymentId, UUID customerId, BigDecimal amount, String currency) {
    public PaymentReversed {
        Objects.requireNonNull(paymentId, "paymentId");
        Objects.requireNonNull(customerId, "customerId");
        Objects.requireNonNull(amount, "amount");
        Objects.requireNonNull(currency, "currency");
    }
}
