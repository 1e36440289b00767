package dev.doorbell.system.faults.history;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Every call that was sent is in the log, once, with an outcome that fits its answer. */
final class LogIsWhole implements Invariant {
    @Override
    public String name() {
        return "log-is-whole";
    }

    @Override
    public List<String> contradictions(History history) {
        List<String> found = new ArrayList<>();
        TreeMap<Long, List<Call>> byNumber = new TreeMap<>(History.by(history.calls(), Call::number));
        long expected = 1;
        for (List<Call> same : byNumber.values()) {
            Call call = same.get(0);
            if (same.size() > 1) {
                found.add("call " + call.number() + " was logged " + same.size() + " times");
            }
            if (call.number() != expected) {
                found.add("the calls from " + expected + " to " + (call.number() - 1) + " were not logged");
            }
            expected = call.number() + 1;
            if (call.outcome() != Outcome.of(call.status())) {
                found.add("call " + call.number() + " is " + call.outcome() + " in spite of status " + call.status());
            }
        }
        return found;
    }
}
