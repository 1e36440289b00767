package dev.doorbell.customer.domain;

import java.time.Instant;
import java.util.UUID;

/**
 * What anybody who knows the id may see of a registration: no personal data.
 *
 * @param reason null unless it failed
 * @param settledAt null while pending
 */
public record RegistrationView(
        UUID id, RegistrationStatus status, String reason, Instant createdAt, Instant settledAt) {}
