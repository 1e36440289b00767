package dev.doorbell.system.faults.history;

import dev.doorbell.system.faults.history.Evidence.CustomerRow;
import dev.doorbell.system.faults.history.Evidence.User;
import java.util.ArrayList;
import java.util.List;

/** Whoever is registered can sign in: there is exactly one user with that customer's id, of that name and enabled. */
final class SuccessHasOneUser implements Invariant {
    @Override
    public String name() {
        return "success-has-one-user";
    }

    @Override
    public List<String> contradictions(History history) {
        List<String> found = new ArrayList<>();
        if (history.expectations().identities().isEmpty()) {
            return found;
        }
        for (CustomerRow row : history.evidence().customerRows()) {
            List<User> users = history.usersOf(row.id());
            boolean one = users.size() == 1
                    && users.get(0).enabled()
                    && users.get(0).username().equals(row.username());
            if (row.status().equals("REGISTRATION_SUCCESS") && !one) {
                found.add(row + " has the users " + users);
            }
        }
        return found;
    }
}
