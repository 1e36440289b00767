package dev.doorbell.customer.store;

import dev.doorbell.customer.domain.IdentityOutcome;
import dev.doorbell.customer.domain.IdentityState;
import dev.doorbell.customer.domain.RegistrationStatus;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * What the database says of a customer's user, for comparing it with the provider. Two that are equal mean that nobody has
 * worked on the user in between: a lease, an answer or a decision changes at least one of the columns.
 *
 * @param outcome null while it is awaited
 * @param state null without a row of work, and then so are the rest
 */
public record IdentityRecord(
        UUID customerId,
        String username,
        RegistrationStatus status,
        IdentityOutcome outcome,
        IdentityState state,
        String userId,
        Long lease,
        OffsetDateTime since) {
    /** Without the name. */
    @Override
    public String toString() {
        return "customer " + customerId + ", " + status + ", identity " + state;
    }
}
