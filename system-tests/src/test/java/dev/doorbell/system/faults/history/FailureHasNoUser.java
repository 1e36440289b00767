package dev.doorbell.system.faults.history;

import dev.doorbell.system.faults.history.Evidence.CustomerRow;
import dev.doorbell.system.faults.history.Evidence.User;
import java.util.ArrayList;
import java.util.List;

/** A registration that failed has left no user behind, enabled or not. */
final class FailureHasNoUser implements Invariant {
    @Override
    public String name() {
        return "failure-has-no-user";
    }

    @Override
    public List<String> contradictions(History history) {
        List<String> found = new ArrayList<>();
        for (CustomerRow row : history.evidence().customerRows()) {
            List<User> users = history.usersOf(row.id());
            if (row.status().equals("REGISTRATION_FAILED") && !users.isEmpty()) {
                found.add(row + " has the users " + users);
            }
        }
        return found;
    }
}
