package dev.doorbell.system.faults;

import dev.doorbell.system.faults.history.Call;
import dev.doorbell.system.faults.history.Evidence;
import dev.doorbell.system.faults.history.Expectations;
import dev.doorbell.system.faults.history.Invariants;
import dev.doorbell.system.faults.history.Load;
import dev.doorbell.system.faults.history.Minimum;
import dev.doorbell.system.faults.history.Outcome;
import dev.doorbell.system.faults.history.Probe;
import dev.doorbell.system.faults.history.Violation;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One run: load, the faults of a timetable meanwhile, then healing, rest, a registration at each customer service, and
 * the checker over everything that the world has done since it was started.
 */
final class Mix {
    static final Duration REST_LIMIT = Duration.ofSeconds(60);
    private static final Duration BEFORE_LIMIT = Duration.ofSeconds(60);
    /** A consumer group may have to find out first that a member is no more. */
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(30);

    private static final String FAILED_NAMES = """
            SELECT username FROM customer
            GROUP BY username
            HAVING bool_and(status = 'REGISTRATION_FAILED')
            ORDER BY max(settled_at) DESC
            LIMIT 20
            """;
    private static final int FAILED_NAMES_MAX = 3;

    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final double WARM_UP_PER_SECOND = 5;
    /** Faults may last for most of a run: of what was planned, at least so much must be acknowledged, and of that succeed. */
    private static final int ACKNOWLEDGED_ONE_IN = 10;

    private static final int REGISTERED_ONE_IN = 5;
    private static final int REFUSED_MIN = 1;

    private final World world;
    private final Timetable timetable;
    private final List<Violation> violations = new ArrayList<>();

    private Mix(World world, Timetable timetable) {
        this.world = world;
        this.timetable = timetable;
    }

    static MixResult run(World world, Timetable timetable) {
        return new Mix(world, timetable).run();
    }

    private MixResult run() {
        add("stops-in-order", world.shape(timetable.customers(), timetable.payments()));
        warmUp();

        // All calls have ended, so this is also the number of the last one.
        int callsBefore = world.calls().calls().size();
        List<Conductor.Outcome> outcomes = play();
        List<Call> all = world.calls().calls();
        List<Call> own = all.subList(callsBefore, all.size());

        outcomes.forEach(outcome -> violations.addAll(outcome.violations()));
        add("faults-are-undone", world.unhealed());
        Rest rest = awaitRest("healing");
        add("registers-after-rest", probe(member -> member.process().uri("")));
        add("failed-names-are-free", askForFailedNames());
        awaitRest("the last registration");
        addUnexpectedEnds();
        check(minimum(timetable, callsBefore + 1), outcomes);
        addUnexpectedEnds();
        return new MixResult(timetable, outcomes, own, violations, rest);
    }

    private List<Conductor.Outcome> play() {
        try (Load load = Load.start(
                        world.customers(),
                        world.calls(),
                        timetable.seed(),
                        timetable.clients(),
                        timetable.perSecond(),
                        takenNames());
                Conductor conductor = Conductor.start(world, timetable.faults())) {
            Pause.of(timetable.load());
            List<Conductor.Outcome> outcomes = conductor.await();
            load.end();
            return outcomes;
        }
    }

    private List<String> takenNames() {
        return world.keycloak().map(Keycloak::takenNames).orElse(List.of());
    }

    /** Groups have their members and topics are there: a fault that comes before would find nothing to break. */
    private void warmUp() {
        try (Load load = Load.start(world.customers(), world.calls(), timetable.seed(), 2, WARM_UP_PER_SECOND)) {
            Pause.of(WARM_UP);
            load.end();
        }
        List<String> unwell = new ArrayList<>(probe(world::front));
        Rest rest = world.awaitRest(BEFORE_LIMIT);
        if (!rest.reached()) {
            unwell.add(rest.missing());
        }
        if (!unwell.isEmpty()) {
            throw new IllegalStateException("the world was not well before the run: " + unwell);
        }
    }

    /** Each customer service by itself: a load that goes to both does not notice that one of them is of no use. */
    private List<String> probe(Function<Member, URI> address) {
        return world.customerServices().stream()
                .flatMap(member -> Probe.run(address.apply(member), world.calls(), PROBE_LIMIT)
                        .map(problem -> member.name() + ": " + problem)
                        .stream())
                .toList();
    }

    /** Those that ended last, and that nobody has had since, or nobody can have. */
    private List<String> askForFailedNames() {
        Member first = world.customerServices().get(0);
        return world.database("customers").texts(FAILED_NAMES).stream()
                .filter(name -> !takenNames().contains(name))
                .limit(FAILED_NAMES_MAX)
                .flatMap(name -> Probe.run(first.process().uri(""), world.calls(), PROBE_LIMIT, name)
                        .map(problem -> name + ": " + problem)
                        .stream())
                .toList();
    }

    private Rest awaitRest(String after) {
        Rest rest = world.awaitRest(REST_LIMIT);
        if (!rest.reached()) {
            add("comes-to-rest", List.of(rest.missing() + " " + REST_LIMIT + " after " + after));
        }
        return rest;
    }

    private void addUnexpectedEnds() {
        world.members().forEach(member -> add("ends-only-when-killed", member.takeUnexpectedEnds()));
    }

    private static Minimum minimum(Timetable timetable, long firstCall) {
        int acknowledged = (int) (timetable.planned() / ACKNOWLEDGED_ONE_IN);
        return new Minimum(firstCall, acknowledged, acknowledged / REGISTERED_ONE_IN, REFUSED_MIN, timetable.hitsMin());
    }

    private void check(Minimum minimum, List<Conductor.Outcome> outcomes) {
        try {
            Evidence evidence = world.evidence();
            violations.addAll(
                    Invariants.check(evidence, world.calls().calls(), expectations(world, minimum, outcomes)));
        } catch (RuntimeException | AssertionError e) {
            // What was found up to here says more than this does.
            add("evidence-can-be-read", List.of(e.toString()));
        }
    }

    private static Expectations expectations(World world, Minimum minimum, List<Conductor.Outcome> outcomes) {
        List<Expectations.Fault> faults = outcomes.stream()
                .map(outcome -> new Expectations.Fault(outcome.fault().kind(), outcome.hit()))
                .toList();
        return Expectations.of(WorldSettings.DEADLINE, minimum, faults)
                .withPoison(world.poison())
                .withIdentities(world.keycloak().map(Keycloak::expectations));
    }

    /** What the checker asks for once more, of a run that is over. */
    static Expectations expectations(World world, MixResult result) {
        return expectations(world, minimum(result.timetable(), 1), result.faults());
    }

    private void add(String invariant, List<String> found) {
        found.forEach(what -> violations.add(new Violation(invariant, what)));
    }

    static long count(List<Call> calls, Outcome outcome) {
        return calls.stream().filter(call -> call.outcome() == outcome).count();
    }
}
