package dev.doorbell.system.faults;

import dev.doorbell.localstack.FaultProxy.Direction;
import dev.doorbell.messages.Topics;
import dev.doorbell.system.faults.Timetable.Planned;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A timetable that is not drawn: every kind of fault once, each where it cannot miss, in little time. */
final class EveryKind {
    private static final Duration LOAD = Duration.ofSeconds(28);

    private EveryKind() {}

    static Timetable timetable() {
        List<Planned> faults = Stream.of(network(), records(), processes(), failpoints(), servers())
                .flatMap(List::stream)
                .sorted(Comparator.comparing(Planned::at))
                .toList();
        return new Timetable(0, World.INSTANCES_MAX, World.INSTANCES_MAX, false, 8, 20, LOAD, faults);
    }

    private static List<Planned> network() {
        return List.of(
                at(1.5, link(LinkFault.Action.LATENCY, "customer-1", Link.Peer.POSTGRES, 100, 2)),
                at(1.5, link(LinkFault.Action.BANDWIDTH, "payment-1", Link.Peer.POSTGRES, 5_000, 2)),
                at(1.5, link(LinkFault.Action.BLACK_HOLE, "customer-1", Link.Peer.HTTP, 0, 1)),
                at(1.5, link(LinkFault.Action.ONE_WAY_BLACK_HOLE, "customer-2", Link.Peer.HTTP, 0, 1)),
                at(1.5, link(LinkFault.Action.STALL_AFTER, World.LEADER, Link.Peer.KAFKA, 300, 1.5)),
                at(1.5, link(LinkFault.Action.CUT_AFTER, "customer-1", Link.Peer.KAFKA, 300, 1.5)),
                at(3, link(LinkFault.Action.RESET, World.STANDBY, Link.Peer.POSTGRES, 0, 0)),
                at(3.2, link(LinkFault.Action.HALF_CLOSE, "payment-2", Link.Peer.POSTGRES, 0, 0.5)),
                at(3.2, link(LinkFault.Action.REFUSE, "customer-2", Link.Peer.POSTGRES, 0, 0.5)));
    }

    private static List<Planned> records() {
        return List.of(
                at(2, new RecordFault(RecordFault.Action.REPEAT, Topics.CUSTOMER, 20, 1)),
                at(2.5, new RecordFault(RecordFault.Action.POISON, Topics.CUSTOMER, 2, 1)),
                at(3, new RecordFault(RecordFault.Action.UNDECODABLE, Topics.PAYMENT, 2, 1)),
                at(4.5, new SessionFault("customers", SessionFault.ALL)));
    }

    private static List<Planned> processes() {
        return List.of(
                at(5, new ServiceFault(ServiceFault.Action.KILL, "customer-2", seconds(0))),
                at(5, new ServiceFault(ServiceFault.Action.FREEZE, "payment-2", seconds(1))));
    }

    /** The freezes first: who was killed is away for longer. */
    private static List<Planned> failpoints() {
        return List.of(
                at(5.5, failpoint(FailpointFault.Place.RELAY_ACKNOWLEDGED, ServiceFault.Action.FREEZE)),
                at(5.5, failpoint(FailpointFault.Place.CUSTOMER_COMMITTED, ServiceFault.Action.FREEZE)),
                at(5.5, failpoint(FailpointFault.Place.PAYMENT_CONSUMED, ServiceFault.Action.FREEZE)),
                at(9, failpoint(FailpointFault.Place.RELAY_ACKNOWLEDGED, ServiceFault.Action.KILL)),
                at(9, failpoint(FailpointFault.Place.CUSTOMER_COMMITTED, ServiceFault.Action.KILL)),
                at(9, failpoint(FailpointFault.Place.PAYMENT_CONSUMED, ServiceFault.Action.KILL)));
    }

    private static List<Planned> servers() {
        return List.of(
                at(13, new ServerFault(ServerFault.Action.POSTGRES_STOP, seconds(0.5))),
                at(15, new ServerFault(ServerFault.Action.BROKER_FREEZE, seconds(1))),
                at(16, new ServerFault(ServerFault.Action.POSTGRES_KILL, seconds(0))),
                at(18, new ServerFault(ServerFault.Action.BROKER_KILL, seconds(0))),
                at(24, new ServerFault(ServerFault.Action.BROKER_STOP, seconds(0))));
    }

    private static Planned at(double seconds, Fault fault) {
        return new Planned(seconds(seconds), fault);
    }

    private static LinkFault link(
            LinkFault.Action action, String service, Link.Peer peer, long amount, double lastsSeconds) {
        return new LinkFault(action, new Link(service, peer), Direction.TO_CLIENT, amount, seconds(lastsSeconds));
    }

    private static FailpointFault failpoint(FailpointFault.Place place, ServiceFault.Action action) {
        return new FailpointFault(place, action, seconds(0.5));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis((long) (seconds * 1_000));
    }
}
