package dev.doorbell.system.faults.history;

import java.util.List;

/** All invariants, and the one way to check them. */
public final class Invariants {
    private Invariants() {}

    /** Pure. Empty when nothing contradicts what is promised. */
    public static List<Violation> check(Evidence evidence, List<Call> calls, Expectations expectations) {
        throw new UnsupportedOperationException(evidence + "" + calls + expectations);
    }
}
