package dev.doorbell.payment.domain;

import java.time.Instant;
import java.util.UUID;

/**
 * A customer's registration fee.
 *
 * @param id UUID version 7, the aggregate's id
 * @param reason why it was refused or reversed, null while it is authorised
 */
public record Payment(
        UUID id,
        UUID customerId,
        Payer payer,
        Payee payee,
        Money fee,
        PaymentStatus status,
        String reason,
        Instant createdAt,
        Instant updatedAt) {}
