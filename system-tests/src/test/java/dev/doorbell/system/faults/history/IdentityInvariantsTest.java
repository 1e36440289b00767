package dev.doorbell.system.faults.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.outbox.UuidV7;
import dev.doorbell.system.faults.history.Evidence.IdentityRow;
import dev.doorbell.system.faults.history.Evidence.User;
import dev.doorbell.system.faults.history.Expectations.Identities;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Customers and the users of the identity provider. Users: the stranger, ann's and gus's. */
class IdentityInvariantsTest {
    private static final int ANN = 0;
    private static final int BOB = 1;
    private static final int STRANGER = 0;
    private static final int ANNS_USER = 1;

    @Test
    void successHasExactlyOneEnabledUser() {
        String name = "success-has-one-user";
        Lie.isSeenBy(name, history -> history.users.remove(ANNS_USER));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.users, ANNS_USER, "enabled", false));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.users, ANNS_USER, "username", "anna"));
        Lie.isSeenBy(name, history -> Altered.in(history.users, ANNS_USER, "customerId", null));
        Lie.isSeenOnlyBy(name, history -> history.users.add(userOf(history, ANN)));
    }

    @Test
    void failureHasNoUserEnabledOrNot() {
        String name = "failure-has-no-user";
        Lie.isSeenOnlyBy(name, history -> history.users.add(userOf(history, BOB)));
        Lie.isSeenOnlyBy(name, history -> history.users.add(Altered.with(userOf(history, BOB), "enabled", false)));
    }

    private static User userOf(SampleHistory history, int index) {
        var customer = history.customers.get(index);
        return new User("another", customer.username(), customer.id().toString(), true, "{}");
    }

    @Test
    void noUserOfOursIsWithoutACustomer() {
        String name = "users-belong-to-customers";
        List.of(UuidV7.create().toString(), "no id at all")
                .forEach(id -> Lie.isSeenOnlyBy(
                        name, history -> history.users.add(new User("orphan", "orphan", id, false, "{}"))));
        // One that has lost its attribute is nobody's, and one that was there before has never been ours.
        Lie.isSeenOnlyBy(name, history -> history.users.add(new User("lost", "lost", null, true, "{}")));
        Lie.isSeenBy(name, history -> Altered.in(history.users, STRANGER, "id", "new"));
        Lie.isSeenBy(name, history -> history.customers.remove(ANN));
    }

    @Test
    void strangersAreAsTheyWere() {
        String name = "strangers-are-untouched";
        Lie.isSeenOnlyBy(name, history -> history.users.remove(STRANGER));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.users, STRANGER, "enabled", false));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.users, STRANGER, "representation", "{}"));
        Lie.isSeenBy(
                name,
                history -> Altered.in(
                        history.users,
                        STRANGER,
                        "customerId",
                        history.customers.get(ANN).id().toString()));
    }

    /** Else nothing that could have been done to one would show. */
    @Test
    void strangersMustHaveBeenThere() {
        SampleHistory history = SampleHistory.good();
        history.users.remove(STRANGER);
        Expectations expectations =
                history.expectations.withIdentities(Optional.of(new Identities(List.of(), List.of())));
        assertThat(Invariants.check(history.evidence(), history.calls, expectations))
                .extracting(Violation::invariant)
                .containsOnly("strangers-are-untouched");
    }

    @Test
    void workOnUsersHasItsEndAndKnowsWhatIsSo() {
        String name = "identity-work-is-done";
        Lie.isSeenOnlyBy(name, history -> history.identities.remove(BOB));
        Lie.isSeenOnlyBy(name, history -> history.identities.add(history.identities.get(BOB)));
        Lie.isSeenOnlyBy(name, history -> history.identities.add(new IdentityRow(UuidV7.create(), "REMOVED", null)));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.identities, ANN, "state", "ENABLING"));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.identities, ANN, "userId", "another"));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.identities, BOB, "state", "REMOVING"));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.identities, BOB, "userId", "left"));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.customers, ANN, "identityOutcome", null));
    }

    @Test
    void nameOfAFailedRegistrationBecomesFree() {
        int ida = 6;
        Lie.isSeenOnlyBy("usernames-unique", history -> Altered.in(history.customers, ida, "usernameReleasedAt", null));
    }

    /** Then there is nobody to compare them with, and there must be no trace of any. */
    @Test
    void customersWithoutAnIdentityProviderHaveNoUsers() {
        SampleHistory history = SampleHistory.good();
        history.customerSide.inbox.removeIf(row -> history.customerSide.outbox.stream()
                .anyMatch(event -> event.eventId().equals(row.eventId())));
        assertThat(Invariants.check(history.evidence(), history.calls, history.expectations))
                .extracting(Violation::invariant)
                .contains("users-belong-to-customers", "identity-work-is-done");
        history.users.clear();
        history.identities.clear();
        assertThat(Invariants.check(history.evidence(), history.calls, history.expectations))
                .isEmpty();
    }
}
