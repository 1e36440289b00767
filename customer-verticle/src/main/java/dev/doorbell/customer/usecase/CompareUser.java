package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.DriftKind;
import dev.doorbell.customer.domain.IdentityOutcome;
import dev.doorbell.customer.domain.IdentityState;
import dev.doorbell.customer.domain.RegistrationStatus;
import dev.doorbell.customer.store.IdentityRecord;
import dev.doorbell.customer.usecase.IdentityDirectory.DirectoryUser;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What is drift and what is not, of one user and one customer. The two directions find different kinds, so that nothing is
 * found twice. Work under way is no drift. Each is right only when the user was read before the row that it is compared with:
 * a row never goes back from ENABLING to PROVISIONED while its user is being enabled, so an enabled user of a row that is
 * PROVISIONED later was enabled by somebody else.
 */
final class CompareUser {
    private static final Set<IdentityState> UNDER_WAY = EnumSet.of(
            IdentityState.REQUESTED, IdentityState.PROVISIONED, IdentityState.ENABLING, IdentityState.REMOVING);

    private CompareUser() {}

    /** @param user who carries a customer's id @param row of that customer, empty when there is none */
    static Optional<DriftKind> ofUser(DirectoryUser user, Optional<IdentityRecord> row) {
        if (row.isEmpty()) {
            return Optional.of(DriftKind.UNKNOWN_CUSTOMER);
        }
        IdentityRecord customer = row.get();
        return switch (customer.status()) {
            case REGISTRATION_FAILED -> isUnderWay(customer) ? Optional.empty() : Optional.of(DriftKind.ORPHANED);
            case REGISTRATION_PENDING ->
                user.enabled() && customer.state() == IdentityState.PROVISIONED
                        ? Optional.of(DriftKind.ENABLED_EARLY)
                        : Optional.empty();
            // Whether the one on record is there as well has still to be seen.
            case REGISTRATION_SUCCESS ->
                customer.userId() != null && !customer.userId().equals(user.id()) && needsUser(customer)
                        ? Optional.of(DriftKind.SECOND_USER)
                        : Optional.empty();
        };
    }

    /** Whether the customer should have an enabled user, and nobody is at work on it. */
    static boolean needsUser(IdentityRecord customer) {
        return customer.status() == RegistrationStatus.REGISTRATION_SUCCESS
                && customer.outcome() == IdentityOutcome.PROVISIONED
                && !isUnderWay(customer);
    }

    /**
     * @param customer who needs a user
     * @param recorded the user with the id on record, if there is one
     * @param named the user with the customer's name, looked up when the one on record is not its user
     */
    static Optional<DriftKind> ofCustomer(
            IdentityRecord customer, Optional<DirectoryUser> recorded, Optional<DirectoryUser> named) {
        if (isItsUser(customer, recorded)) {
            return recorded.get().enabled() ? Optional.empty() : Optional.of(DriftKind.DISABLED);
        }
        if (hasLostItsMark(customer, recorded)) {
            return Optional.of(DriftKind.ATTRIBUTE_LOST);
        }
        return named.isPresent() && !isItsUser(customer, named)
                ? Optional.of(DriftKind.NAME_TAKEN)
                : Optional.of(DriftKind.MISSING);
    }

    static boolean isItsUser(IdentityRecord customer, Optional<DirectoryUser> user) {
        return user.filter(found -> found.belongsTo(customer.customerId())).isPresent();
    }

    /** Ours by the name and the id on record, both; an id of somebody else's customer is no loss but another owner. */
    static boolean hasLostItsMark(IdentityRecord customer, Optional<DirectoryUser> recorded) {
        return recorded.filter(found -> found.customerId().isEmpty()
                        && found.id().equals(customer.userId())
                        && customer.username().equals(found.username()))
                .isPresent();
    }

    private static boolean isUnderWay(IdentityRecord customer) {
        return customer.state() != null && UNDER_WAY.contains(customer.state());
    }
}
