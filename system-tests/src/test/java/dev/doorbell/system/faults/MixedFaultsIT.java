package dev.doorbell.system.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A short fixed set of mixes; {@code mvn verify -Pfaults} runs as many and as long ones as wanted. */
class MixedFaultsIT {
    private static final Duration LOAD = Duration.ofSeconds(10);
    /** Kills a relay and the broker, stops PostgreSQL and freezes a service, one over the other. */
    private static final long SEED = 9;

    private static final Worlds WORLDS = new Worlds(System.out::println);

    @AfterAll
    static void close() {
        try {
            WORLDS.close();
        } finally {
            System.out.println(WORLDS.summary());
        }
    }

    /** Also proves the harness: every fault does what it says, and the world is well after each. */
    @Test
    void everyKindOfFaultHitsAndHealsAndNothingIsViolated() {
        MixResult result = WORLDS.run(EveryKind.timetable());
        requireNoViolations(result);
        assertThat(result.faults().stream()
                        .filter(outcome -> !outcome.hit())
                        .map(outcome -> outcome.fault().kind()))
                .as("faults that did not hit")
                .isEmpty();
    }

    @Test
    void mixOfAFixedSeedViolatesNothing() {
        requireNoViolations(WORLDS.run(Timetable.draw(SEED, LOAD)));
    }

    private static void requireNoViolations(MixResult result) {
        assertThat(result.violations())
                .as(() -> "seed " + result.timetable().seed() + ", repeat: " + result.repeat())
                .isEmpty();
    }
}
