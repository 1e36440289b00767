package dev.doorbell.system.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * {@code mvn verify -Pfaults} with one of {@code -Dminutes=N} (fresh seeds for so long), {@code -Dseed=N} (that one
 * again) or {@code -Drecovery=N} (recovery times of N kills of each process, and of fewer freezes and restarts).
 * {@code -Dseconds=N} sets the load of a run, 60 unless told; {@code -Dkeycloak=false} runs mixes without Keycloak, as the
 * first ones were; with {@code -Dreconcile=true} customers and users are compared and repaired meanwhile. Not an IT by its
 * name: it runs when it is asked for.
 */
class FaultRuns {
    private static final String USAGE = "mvn verify -Pfaults needs -Dminutes=N, -Dseed=N or -Drecovery=N";
    private static final int SECONDS_DEFAULT = 60;
    private static final int SEED_MAX = 1_000_000_000;
    /** Enough to look into; more of the same costs hours. */
    private static final int FAILED_RUNS_MAX = 5;

    private static final Consumer<String> PROGRESS = System.out::println;

    @Test
    void asAskedFor() {
        if (number("recovery") != null) {
            Recovery.measure(number("recovery").intValue(), PROGRESS);
        } else if (number("seed") != null) {
            long seed = number("seed").longValue();
            mixes(summary -> summary.runs() == 1, () -> seed);
        } else if (number("minutes") != null) {
            long end = System.nanoTime() + (long) (number("minutes") * 60e9);
            SecureRandom random = new SecureRandom();
            mixes(summary -> summary.runs() > 0 && System.nanoTime() - end > 0, () -> random.nextInt(SEED_MAX));
        } else {
            throw new IllegalArgumentException(USAGE);
        }
    }

    private interface Seeds {
        long next();
    }

    private static void mixes(java.util.function.Predicate<Summary> done, Seeds seeds) {
        Double seconds = number("seconds");
        Duration load = Duration.ofSeconds(seconds == null ? SECONDS_DEFAULT : seconds.longValue());
        boolean keycloak = !"false".equals(System.getProperty("keycloak"));
        int failed = 0;
        try (Worlds worlds = new Worlds(PROGRESS)) {
            try {
                while (!done.test(worlds.summary()) && failed < FAILED_RUNS_MAX) {
                    MixResult result = worlds.run(Timetable.draw(seeds.next(), load, keycloak));
                    failed += result.violations().isEmpty() ? 0 : 1;
                    worlds.summary().write(Kept.directory().resolve("summary.json"));
                }
            } finally {
                PROGRESS.accept(worlds.summary().toString());
            }
            assertThat(worlds.summary().runs()).as("runs").isPositive();
            assertThat(worlds.summary().violations())
                    .as("violations; how to repeat them stands above and in " + Kept.directory())
                    .isZero();
        }
    }

    private static Double number(String property) {
        String text = System.getProperty(property);
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "-D%s=%s is not a number; %s", property, text, USAGE));
        }
    }
}
