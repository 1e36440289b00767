package dev.doorbell.system.faults;

import dev.doorbell.system.faults.history.Call;
import dev.doorbell.system.faults.history.Outcome;
import dev.doorbell.system.faults.history.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** @param calls those of the run itself */
record MixResult(
        Timetable timetable, List<Conductor.Outcome> faults, List<Call> calls, List<Violation> violations, Rest rest) {
    MixResult {
        faults = List.copyOf(faults);
        calls = List.copyOf(calls);
        violations = List.copyOf(violations);
    }

    /** The same with what was found later. */
    MixResult with(List<Violation> later) {
        List<Violation> all = new ArrayList<>(violations);
        all.addAll(later);
        return new MixResult(timetable, faults, calls, all, rest);
    }

    long acknowledged() {
        return Mix.count(calls, Outcome.OK);
    }

    long unknown() {
        return Mix.count(calls, Outcome.UNKNOWN);
    }

    /** The progress line. */
    String line() {
        String kinds = faults.stream()
                .map(fault -> fault.fault().kind() + " " + fault.fault().target() + (fault.hit() ? "" : " (MISSED)"))
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "seed %d: %s; %d acknowledged, %d unknown, at rest after %.1f s, %d violations",
                timetable.seed(),
                kinds,
                acknowledged(),
                unknown(),
                rest.took().toMillis() / 1000.0,
                violations.size());
    }

    /** How to do the same again. */
    String repeat() {
        return "mvn verify -Pfaults -Dseed=" + timetable.seed() + " -Dseconds="
                + timetable.load().toSeconds() + (timetable.keycloak() ? "" : " -Dkeycloak=false")
                + (WorldSettings.reconciles() ? " -Dreconcile=true" : "");
    }
}
