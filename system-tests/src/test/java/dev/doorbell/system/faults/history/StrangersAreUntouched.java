package dev.doorbell.system.faults.history;

import dev.doorbell.system.faults.history.Evidence.User;
import dev.doorbell.system.faults.history.Expectations.Identities;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Users that were there before the first registration are as they were, also those whose names customers asked for. */
final class StrangersAreUntouched implements Invariant {
    @Override
    public String name() {
        return "strangers-are-untouched";
    }

    @Override
    public List<String> contradictions(History history) {
        List<String> found = new ArrayList<>();
        Optional<Identities> identities = history.expectations().identities();
        if (identities.isEmpty()) {
            return found;
        }
        if (identities.get().strangers().isEmpty()) {
            found.add("there were no strangers whom anything could have been done to");
        }
        Map<String, List<User>> now = History.by(history.evidence().users(), User::id);
        for (User before : identities.get().strangers()) {
            List<User> after = now.getOrDefault(before.id(), List.of());
            if (!after.equals(List.of(before))) {
                found.add(before + " is now " + after);
            }
        }
        return found;
    }
}
