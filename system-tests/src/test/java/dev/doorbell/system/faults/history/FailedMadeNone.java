package dev.doorbell.system.faults.history;

import dev.doorbell.system.faults.history.Evidence.CustomerRow;
import java.util.ArrayList;
import java.util.List;

/** A call that was refused made no customer. */
final class FailedMadeNone implements Invariant {
    @Override
    public String name() {
        return "failed-made-none";
    }

    @Override
    public List<String> contradictions(History history) {
        List<String> found = new ArrayList<>();
        for (Call call : history.calls(Outcome.FAILED)) {
            List<CustomerRow> made = history.customersOf(call);
            if (!made.isEmpty()) {
                found.add(call + " made " + made);
            }
        }
        return found;
    }
}
