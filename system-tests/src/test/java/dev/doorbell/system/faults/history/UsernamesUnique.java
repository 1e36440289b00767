package dev.doorbell.system.faults.history;

import dev.doorbell.system.faults.history.Evidence.CustomerRow;
import java.util.ArrayList;
import java.util.List;

/** Among those that did not fail a username is unique; a failed one has given its name back, and only that. */
final class UsernamesUnique implements Invariant {
    private static final String FAILED = "REGISTRATION_FAILED";

    @Override
    public String name() {
        return "usernames-unique";
    }

    @Override
    public List<String> contradictions(History history) {
        List<String> found = new ArrayList<>();
        List<CustomerRow> holders = history.evidence().customerRows().stream()
                .filter(row -> !row.status().equals(FAILED))
                .toList();
        History.by(holders, CustomerRow::username).forEach((username, rows) -> {
            if (rows.size() > 1) {
                found.add(username + " is the name of " + rows);
            }
        });
        for (CustomerRow row : history.evidence().customerRows()) {
            if (row.status().equals(FAILED) != (row.usernameReleasedAt() != null)) {
                found.add(row + (row.status().equals(FAILED) ? " keeps its name" : " has given its name away"));
            }
        }
        return found;
    }
}
