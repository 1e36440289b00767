package dev.doorbell.system.faults.history;

import dev.doorbell.system.faults.history.Evidence.CustomerRow;
import java.util.ArrayList;
import java.util.List;

/** Every 202 has exactly one customer: the one that it named. */
final class AcknowledgedHasOneCustomer implements Invariant {
    @Override
    public String name() {
        return "acknowledged-has-one-customer";
    }

    @Override
    public List<String> contradictions(History history) {
        List<String> found = new ArrayList<>();
        for (Call call : history.calls(Outcome.OK)) {
            List<CustomerRow> made = history.customersOf(call);
            List<CustomerRow> named = history.customers(call.id());
            if (made.size() != 1
                    || !named.equals(made)
                    || !made.get(0).username().equals(call.username())) {
                found.add(call + " named " + named + " and made " + made);
            }
        }
        return found;
    }
}
