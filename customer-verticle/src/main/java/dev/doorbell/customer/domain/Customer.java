package dev.doorbell.customer.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

/** A customer to be read. */
public record Customer(
        UUID id,
        String firstName,
        String lastName,
        String username,
        String cardBrand,
        String cardLastFour,
        LocalDate cardValidThru,
        RegistrationStatus status,
        Instant createdAt) {}
