package dev.doorbell.customer.store;

import dev.doorbell.customer.domain.IdentityState;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * A worker's right to work on a customer's user for a while.
 *
 * @param userId as far as it is known, else null
 * @param number of the lease: what is found out counts only while nobody has taken the row since
 * @param failures in a row, in this state
 * @param createLandsUntil when a create of this lease can make a user no more
 * @param earlierLandsUntil the same for creates before it, null when each was answered
 * @param createMayLand whether one before it still could when this lease began
 */
public record IdentityLease(
        UUID customerId,
        IdentityState state,
        String username,
        String firstName,
        String lastName,
        String userId,
        long number,
        int failures,
        OffsetDateTime createLandsUntil,
        OffsetDateTime earlierLandsUntil,
        boolean createMayLand,
        String traceparent) {}
