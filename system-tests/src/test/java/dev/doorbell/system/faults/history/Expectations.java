package dev.doorbell.system.faults.history;

import dev.doorbell.system.faults.history.Evidence.User;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What the run meant to do, so that the checker can tell it from what went wrong.
 *
 * @param deadline the customer service's setting {@code SAGA_DEADLOCK_AFTER_MS}
 * @param minimum a run with less proves nothing, and that is a violation
 * @param faults those of the run, each with whether it really hit; a run that means to have none names none and says so
 *     by {@code undisturbed}
 * @param undisturbed no faults are meant
 * @param poison what was injected so that it cannot be processed
 * @param identities empty where the customers have no users
 */
public record Expectations(
        Duration deadline,
        Minimum minimum,
        List<Fault> faults,
        boolean undisturbed,
        List<Poison> poison,
        Optional<Identities> identities) {
    public Expectations {
        faults = List.copyOf(faults);
        poison = List.copyOf(poison);
    }

    /** @param hit whether something showed that it took effect, such as a connection that was cut */
    public record Fault(String name, boolean hit) {}

    /**
     * A record that must end as a dead letter, all alone on its key.
     *
     * @param consumer the group that meets it, or {@code relay} when it cannot be published
     * @param eventId null when the record has none
     * @param reason what {@code dead_letter.reason} must say
     */
    public record Poison(String consumer, String topic, String key, UUID eventId, String reason) {
        public static final String RELAY = "relay";
    }

    /**
     * What there is to know of an identity provider, beside what it tells itself.
     *
     * @param strangers all users that it had before the first registration, as they were
     * @param returns moments at which it was itself again after a fault, in any order
     */
    public record Identities(List<User> strangers, List<Instant> returns) {
        public Identities {
            strangers = List.copyOf(strangers);
            returns = List.copyOf(returns);
        }
    }

    /** Of a run with faults, without poison and without users. */
    public static Expectations of(Duration deadline, Minimum minimum, List<Fault> faults) {
        return new Expectations(deadline, minimum, faults, false, List.of(), Optional.empty());
    }

    /** Of a run with neither of the three. */
    public static Expectations ofUndisturbed(Duration deadline, Minimum minimum) {
        return new Expectations(deadline, minimum, List.of(), true, List.of(), Optional.empty());
    }

    public Expectations withPoison(List<Poison> injected) {
        return new Expectations(deadline, minimum, faults, undisturbed, injected, identities);
    }

    public Expectations withIdentities(Optional<Identities> provided) {
        return new Expectations(deadline, minimum, faults, undisturbed, poison, provided);
    }
}
