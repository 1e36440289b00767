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
        Expectations expected = history.expectations();
        List<String> found = new ArrayList<>(expected.minimum().lacking(history));
        if (expected.undisturbed() != expected.faults().isEmpty()) {
            found.add("it is " + (expected.undisturbed() ? "" : "not ") + "meant to be undisturbed and has faults "
                    + expected.faults());
        }
        long hits = expected.faults().stream().filter(Expectations.Fault::hit).count();
        int hitsMin = expected.minimum().hits();
        if (hits < hitsMin || !expected.undisturbed() && hitsMin < 1) {
            found.add(hits + " faults of it really hit instead of " + hitsMin + ": " + expected.faults());
        }
        return found;
    }
}
