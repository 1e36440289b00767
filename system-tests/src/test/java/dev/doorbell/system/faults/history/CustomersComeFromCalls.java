package dev.doorbell.system.faults.history;

import dev.doorbell.system.faults.history.Evidence.CustomerRow;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** No customer is there that nobody asked for. */
final class CustomersComeFromCalls implements Invariant {
    @Override
    public String name() {
        return "customers-come-from-calls";
    }

    @Override
    public List<String> contradictions(History history) {
        Set<String> called = history.calls().stream().map(Call::lastName).collect(Collectors.toSet());
        return history.evidence().customerRows().stream()
                .filter(row -> !called.contains(row.lastName()))
                .map(CustomerRow::toString)
                .toList();
    }
}
