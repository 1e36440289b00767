package dev.doorbell.system.faults;

import dev.doorbell.system.faults.history.Call;
import dev.doorbell.system.faults.history.Evidence;
import dev.doorbell.system.faults.history.Expectations;
import dev.doorbell.system.faults.history.Invariants;
import dev.doorbell.system.faults.history.Load;
import dev.doorbell.system.faults.history.Outcome;
import dev.doorbell.system.faults.history.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One run: load, the faults of a timetable meanwhile, then healing, rest, and the checker over everything that the world
 * has done since it was started.
 */
final class Mix {
    static final Duration REST_LIMIT = Duration.ofSeconds(60);
    private static final Duration BEFORE_LIMIT = Duration.ofSeconds(60);
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final double WARM_UP_PER_SECOND = 5;
    private static final int ACKNOWLEDGED_MIN = 20;

    private final World world;
    private final Timetable timetable;

    private Mix(World world, Timetable timetable) {
        this.world = world;
        this.timetable = timetable;
    }

    static MixResult run(World world, Timetable timetable) {
        return new Mix(world, timetable).run();
    }

    private MixResult run() {
        List<Violation> violations = new ArrayList<>();
        world.shape(timetable.customers(), timetable.payments())
                .forEach(what -> violations.add(new Violation("stops-in-order", what)));
        warmUp();

        long callsBefore = world.calls().calls().size();
        List<Conductor.Outcome> outcomes;
        try (Load load = Load.start(
                        world.customers(),
                        world.calls(),
                        timetable.seed(),
                        timetable.clients(),
                        timetable.perSecond());
                Conductor conductor = Conductor.start(world, timetable.faults())) {
            Pause.of(timetable.load());
            outcomes = conductor.await();
            load.end();
        }
        world.unhealed().forEach(what -> violations.add(new Violation("faults-are-undone", what)));
        Rest rest = world.awaitRest(REST_LIMIT);
        if (!rest.reached()) {
            violations.add(new Violation("comes-to-rest", rest.missing() + " " + REST_LIMIT + " after healing"));
        }
        world.members().stream()
                .flatMap(member -> member.takeUnexpectedEnds().stream())
                .forEach(what -> violations.add(new Violation("ends-only-when-killed", what)));

        List<Call> all = world.calls().calls();
        List<Call> own = all.subList((int) callsBefore, all.size());
        if (count(own, Outcome.OK) < ACKNOWLEDGED_MIN) {
            violations.add(new Violation("run-proves-something", count(own, Outcome.OK) + " calls acknowledged"));
        }
        violations.addAll(check(all, outcomes));
        return new MixResult(timetable, outcomes, own, violations, rest);
    }

    /** Groups have their members and topics are there: a fault that comes before would find nothing to break. */
    private void warmUp() {
        try (Load load = Load.start(world.customers(), world.calls(), timetable.seed(), 2, WARM_UP_PER_SECOND)) {
            Pause.of(WARM_UP);
            load.end();
        }
        Rest rest = world.awaitRest(BEFORE_LIMIT);
        if (!rest.reached()) {
            throw new IllegalStateException("the world was not well before the run: " + rest.missing());
        }
    }

    private List<Violation> check(List<Call> all, List<Conductor.Outcome> outcomes) {
        Evidence evidence = world.evidence();
        List<Expectations.Fault> faults = outcomes.stream()
                .map(outcome -> new Expectations.Fault(outcome.fault().kind(), outcome.hit()))
                .toList();
        Expectations expectations = Expectations.of(WorldSettings.DEADLINE, ACKNOWLEDGED_MIN, faults)
                .withPoison(world.poison());
        return Invariants.check(evidence, all, expectations);
    }

    static long count(List<Call> calls, Outcome outcome) {
        return calls.stream().filter(call -> call.outcome() == outcome).count();
    }
}
