package dev.doorbell.system.faults.history;

import dev.doorbell.system.faults.history.Evidence.CustomerRow;
import dev.doorbell.system.faults.history.Evidence.IdentityRow;
import dev.doorbell.system.faults.history.Evidence.User;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What the customer service knows of a user is what is so, and nothing is left to do: one row per customer, which ends
 * ENABLED with the user's id, or without a user. Where customers have no users there is no such row.
 */
final class IdentityWorkIsDone implements Invariant {
    private static final Set<String> WITHOUT_USER = Set.of("REFUSED", "REMOVED");

    @Override
    public String name() {
        return "identity-work-is-done";
    }

    @Override
    public List<String> contradictions(History history) {
        List<String> found = new ArrayList<>();
        Map<UUID, List<IdentityRow>> rows =
                new HashMap<>(History.by(history.evidence().identityRows(), IdentityRow::customerId));
        if (history.expectations().identities().isPresent()) {
            for (CustomerRow row : history.evidence().customerRows()) {
                List<IdentityRow> work = rows.getOrDefault(row.id(), List.of());
                if (work.size() != 1 || !fits(work.get(0), row, history)) {
                    found.add(row + " has the identity " + work);
                }
                rows.remove(row.id());
            }
        }
        rows.values().forEach(left -> found.add("nobody asked for " + left));
        return found;
    }

    private static boolean fits(IdentityRow work, CustomerRow row, History history) {
        if (row.status().equals("REGISTRATION_SUCCESS")) {
            return work.state().equals("ENABLED")
                    && "PROVISIONED".equals(row.identityOutcome())
                    && history.usersOf(row.id()).stream().map(User::id).anyMatch(id -> id.equals(work.userId()));
        }
        return WITHOUT_USER.contains(work.state()) && work.userId() == null;
    }
}
