package dev.doorbell.system.faults.history;

import dev.doorbell.system.harness.NewRegistration;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a call will ask for, decided by seed and number alone.
 *
 * @param patience how long its caller waits for the answer
 */
record PlannedCall(long number, NewRegistration registration, Duration patience) {
    private static final long MIX = 0x9E3779B97F4A7C15L;
    private static final int TWINS_PERCENT = 20;
    /** How far back the call may be whose name is asked for again: near enough to be still in flight. */
    private static final int TWIN_DISTANCE_MAX = 3;

    private static final int TAKEN_ONE_IN = 20;

    private static final int IMPATIENT_PERCENT = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long IMPATIENCE_MS_MIN = 500;
    private static final long IMPATIENCE_MS_MAX = 3_000;

    /** As {@link #of(long, long)}; now and then with a name that nobody can have. @param taken may be empty */
    static PlannedCall of(long seed, long number, List<String> taken) {
        PlannedCall planned = of(seed, number);
        long turn = number / TAKEN_ONE_IN;
        return taken.isEmpty() || number % TAKEN_ONE_IN != 0
                ? planned
                : planned.named(taken.get((int) (turn % taken.size())));
    }

    static PlannedCall of(long seed, long number) {
        SplittableRandom random = new SplittableRandom(seed ^ number * MIX);
        boolean twin = random.nextInt(100) < TWINS_PERCENT && number > TWIN_DISTANCE_MAX;
        long named = twin ? number - 1 - random.nextInt(TWIN_DISTANCE_MAX) : number;
        return new PlannedCall(number, card(random).withUsername(username(seed, named)), patience(random));
    }

    /** One that nothing is wrong with, by a caller with patience and of a name that nobody else asks for. */
    static PlannedCall good(long number) {
        return new PlannedCall(number, NewRegistration.sample(), PATIENCE);
    }

    /** Both sides of the fee's boundary are among them. */
    private static NewRegistration card(SplittableRandom random) {
        NewRegistration sample = NewRegistration.sample();
        return switch (random.nextInt(10)) {
            case 0 -> sample.withBalance("0");
            case 1 -> sample.withBalance("1.9999");
            case 2 -> sample.withValidThru("2020-01-31");
            case 3 -> sample.withBalance("2.00");
            default -> sample;
        };
    }

    private static Duration patience(SplittableRandom random) {
        return random.nextInt(100) < IMPATIENT_PERCENT
                ? Duration.ofMillis(random.nextLong(IMPATIENCE_MS_MIN, IMPATIENCE_MS_MAX))
                : PATIENCE;
    }

    /** Letters alone: a name with so many digits that they may be a card number is refused. */
    private static String username(long seed, long number) {
        StringBuilder name = new StringBuilder("load");
        String digits = Long.toUnsignedString(seed) + "x" + number;
        digits.chars().forEach(c -> name.append(c == 'x' ? 'x' : (char) ('a' + c - '0')));
        return name.toString();
    }

    /** The same for a name that was asked for before: what a caller does who got no answer. */
    PlannedCall named(String username) {
        return new PlannedCall(number, registration.withUsername(username), patience);
    }

    PlannedCall withPatience(Duration other) {
        return new PlannedCall(number, registration, other);
    }

    String username() {
        return registration.username();
    }

    String json() {
        return new JsonObject(registration.json())
                .put("lastName", Call.lastName(number))
                .encode();
    }
}
