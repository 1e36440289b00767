package dev.doorbell.messages;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.UUID;

/** {@link EventTypes#PAYMENT_AUTHORIZED}: the fee is authorised against the customer's card. */
public record PaymentAuthorized(UUID paymentId, UUID customerId, BigDecimal amount, String currency) {
    public PaymentAuthorized {
        Objects.requireNonNull(paymentId, "paymentId");
        Objects.requireNonNull(customerId, "customerId");
        Objects.requireNonNull(amount, "amount");
        Objects.requireNonNull(currency, "currency");
    }
}
