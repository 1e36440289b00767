package dev.doorbell.customer.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

/**
 * A customer to be read.
 *
 * @param version grows with every change that can be seen here
 */
public record Customer(
        UUID id,
        String firstName,
        String lastName,
        String username,
        String cardBrand,
        String cardLastFour,
        LocalDate cardValidThru,
        RegistrationStatus status,
        Instant createdAt,
        long version) {}
