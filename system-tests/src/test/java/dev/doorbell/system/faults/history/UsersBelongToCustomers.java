package dev.doorbell.system.faults.history;

import dev.doorbell.system.faults.history.Evidence.User;
import dev.doorbell.system.faults.history.Expectations.Identities;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every user that was not there before is a customer's: none of ours without a customer, none that says no customer. */
final class UsersBelongToCustomers implements Invariant {
    @Override
    public String name() {
        return "users-belong-to-customers";
    }

    @Override
    public List<String> contradictions(History history) {
        Set<String> strangers = history.expectations().identities().map(Identities::strangers).stream()
                .flatMap(List::stream)
                .map(User::id)
                .collect(Collectors.toSet());
        List<String> found = new ArrayList<>();
        for (User user : history.evidence().users()) {
            if (!strangers.contains(user.id()) && customer(user).noneMatch(id -> isThere(history, id))) {
                found.add("there is no customer for " + user);
            }
        }
        return found;
    }

    private static boolean isThere(History history, UUID customerId) {
        return !history.customers(customerId).isEmpty();
    }

    private static Stream<UUID> customer(User user) {
        try {
            return user.customerId() == null ? Stream.empty() : Stream.of(UUID.fromString(user.customerId()));
        } catch (IllegalArgumentException e) {
            return Stream.empty();
        }
    }
}
