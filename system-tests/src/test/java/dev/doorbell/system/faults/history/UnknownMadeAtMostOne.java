package dev.doorbell.system.faults.history;

import dev.doorbell.system.faults.history.Evidence.CustomerRow;
import java.util.ArrayList;
import java.util.List;

/** A call without an answer made one customer or none. */
final class UnknownMadeAtMostOne implements Invariant {
    @Override
    public String name() {
        return "unknown-made-at-most-one";
    }

    @Override
    public List<String> contradictions(History history) {
        List<String> found = new ArrayList<>();
        for (Call call : history.calls(Outcome.UNKNOWN)) {
            List<CustomerRow> made = history.customersOf(call);
            boolean itsOwn = made.stream().allMatch(row -> row.username().equals(call.username()));
            if (made.size() > 1 || !itsOwn) {
                found.add(call + " made " + made);
            }
        }
        return found;
    }
}
