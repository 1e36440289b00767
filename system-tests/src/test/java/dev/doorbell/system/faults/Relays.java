package dev.doorbell.system.faults;

import dev.doorbell.system.harness.Waiting;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which of two relays leads, by what they say of the customers' outbox. */
final class Relays {
    private static final String SOURCE = "source customers ";

    private final List<Member> relays;
    private final Predicate<Member> leads;

    Relays(Member first, Member second) {
        this(first, second, Relays::leads);
    }

    Relays(Member first, Member second, Predicate<Member> leads) {
        this.relays = List.of(first, second);
        this.leads = leads;
    }

    /**
     * Waits until exactly one leads: while nobody does, or one has yet to find out that it does no more, a fault on "the
     * leader" would befall any of them.
     */
    Member leader() {
        return Waiting.until("exactly one relay leads")
                .until(this::onlyLeader, Optional::isPresent)
                .orElseThrow();
    }

    Member standby() {
        Member leader = leader();
        return relays.get(0) == leader ? relays.get(1) : relays.get(0);
    }

    Optional<Member> onlyLeader() {
        List<Member> leaders = relays.stream().filter(leads).toList();
        return leaders.size() == 1 ? Optional.of(leaders.get(0)) : Optional.empty();
    }

    private static boolean leads(Member relay) {
        return relay.process().isAlive() && !relay.isFrozen() && saysThatItLeads(relay.process().output().stream());
    }

    /** By its last word. */
    static boolean saysThatItLeads(Stream<String> output) {
        return output.filter(line -> line.contains(SOURCE))
                .reduce((earlier, later) -> later)
                .filter(line -> line.contains(SOURCE + "leading"))
                .isPresent();
    }
}
