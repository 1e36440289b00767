package dev.doorbell.customer.store;

import java.util.UUID;

/**
 * An attempt at setting a password that may go on.
 *
 * @param number of the customer's attempts, which tells this one from a later one
 * @param userId of the user at the identity provider
 */
public record PasswordAttempt(
        UUID customerId, int number, String username, String firstName, String lastName, String userId) {}
