package dev.doorbell.system.faults.history;

import java.util.ArrayList;
import java.util.List;

/** A run in which next to nothing happened finds no contradictions either; it must not pass for a success. */
final class RunProvesSomething implements Invariant {
    @Override
    public String name() {
        return "run-proves-something";
    }

    @Override
    public List<String> contradictions(History history) {
        List<String> found = new ArrayList<>();
        Expectations expected = history.expectations();
        int acknowledged = history.calls(Outcome.OK).size();
        if (expected.acknowledgedMin() < 1) {
            found.add("it asks for no acknowledged registration");
        }
        if (acknowledged < expected.acknowledgedMin()) {
            found.add(acknowledged + " acknowledged registrations instead of " + expected.acknowledgedMin());
        }
        if (expected.undisturbed() != expected.faults().isEmpty()) {
            found.add("it is " + (expected.undisturbed() ? "" : "not ") + "meant to be undisturbed and has faults "
                    + expected.faults());
        }
        if (!expected.undisturbed() && expected.faults().stream().noneMatch(Expectations.Fault::hit)) {
            found.add("no fault of it really hit: " + expected.faults());
        }
        return found;
    }
}
