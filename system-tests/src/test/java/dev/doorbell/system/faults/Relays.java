package dev.doorbell.system.faults;

import java.util.List;

/** Which of two relays leads, by what they say of the customers' outbox. */
final class Relays {
    private static final String SOURCE = "source customers ";

    private Relays() {}

    /** The one that leads and is not frozen; the first when neither says so. */
    static Member leader(Member first, Member second) {
        return !leads(first) && leads(second) ? second : first;
    }

    static Member standby(Member first, Member second) {
        return leader(first, second) == first ? second : first;
    }

    private static boolean leads(Member relay) {
        if (!relay.process().isAlive() || relay.isFrozen()) {
            return false;
        }
        List<String> states = relay.process().output().stream()
                .filter(line -> line.contains(SOURCE))
                .toList();
        return !states.isEmpty() && states.get(states.size() - 1).contains(SOURCE + "leading");
    }
}
