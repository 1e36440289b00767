package dev.doorbell.system.faults;

import dev.doorbell.localstack.FaultProxy.Direction;
import dev.doorbell.system.faults.KeycloakFront.Operation;
import dev.doorbell.system.faults.KeycloakFront.Treatment;
import dev.doorbell.system.faults.Timetable.Planned;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** As {@link EveryKind}, for what may befall Keycloak and the work on users. */
final class EveryKeycloakKind {
    private static final Duration LOAD = Duration.ofSeconds(34);

    private EveryKeycloakKind() {}

    static Timetable timetable() {
        List<Planned> faults = Stream.of(answers(), network(), servers(), failpoints())
                .flatMap(List::stream)
                .sorted(Comparator.comparing(Planned::at))
                .toList();
        return new Timetable(0, World.INSTANCES_MAX, 1, true, 8, 8, LOAD, faults);
    }

    /** The late create comes when its registration has been rejected as overdue. */
    private static List<Planned> answers() {
        return List.of(
                at(1.5, answer(Treatment.ERROR, Operation.CREATE, 0.5)),
                at(1.5, answer(Treatment.ERROR, Operation.ENABLE, 0.5)),
                at(1.5, answer(Treatment.ERROR, Operation.REMOVE, 0.5)),
                at(3, answer(Treatment.CUT, Operation.ENABLE, 0.5)),
                at(3, answer(Treatment.CUT, Operation.REMOVE, 0.5)),
                at(3, answer(Treatment.CUT, Operation.CREATE, 0.5)),
                at(4.5, answer(Treatment.LATE, Operation.CREATE, 8)));
    }

    private static List<Planned> network() {
        Link link = new Link("customer-2", Link.Peer.KEYCLOAK);
        return List.of(
                at(1.5, new LinkFault(LinkFault.Action.LATENCY, link, Direction.TO_CLIENT, 300, seconds(2))),
                at(4, new LinkFault(LinkFault.Action.BANDWIDTH, link, Direction.TO_CLIENT, 2_000, seconds(2))));
    }

    private static List<Planned> servers() {
        return List.of(
                at(14, new KeycloakFault(KeycloakFault.Action.FREEZE, seconds(2))),
                at(17, new KeycloakFault(KeycloakFault.Action.KILL_AFTER_CREATE, seconds(0))),
                at(28, new KeycloakFault(KeycloakFault.Action.KILL, seconds(0))));
    }

    /** The freezes first: who was killed is away for longer. */
    private static List<Planned> failpoints() {
        return List.of(
                at(8, failpoint(FailpointFault.Place.IDENTITY_PROVISIONED, ServiceFault.Action.FREEZE)),
                at(8, failpoint(FailpointFault.Place.IDENTITY_ENABLED, ServiceFault.Action.FREEZE)),
                at(8, failpoint(FailpointFault.Place.IDENTITY_REMOVED, ServiceFault.Action.FREEZE)),
                at(10, failpoint(FailpointFault.Place.IDENTITY_PROVISIONED, ServiceFault.Action.KILL)),
                at(10, failpoint(FailpointFault.Place.IDENTITY_ENABLED, ServiceFault.Action.KILL)),
                at(10, failpoint(FailpointFault.Place.IDENTITY_REMOVED, ServiceFault.Action.KILL)));
    }

    private static Planned at(double seconds, Fault fault) {
        return new Planned(seconds(seconds), fault);
    }

    private static AnswerFault answer(Treatment treatment, Operation operation, double lastsSeconds) {
        return new AnswerFault(treatment, operation, seconds(lastsSeconds));
    }

    private static FailpointFault failpoint(FailpointFault.Place place, ServiceFault.Action action) {
        return new FailpointFault(place, action, seconds(0.5));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis((long) (seconds * 1_000));
    }
}
