package dev.doorbell.loadtests;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.Simulation;

/** Who has registered comes back to look, again and again: nine reads to each write. */
public final class MixedSimulation extends Simulation {
    private static final double RATE_PER_S = 10;
    private static final int READS = 9;
    private static final int PAUSE_MS_MIN = 100;
    private static final int PAUSE_MS_MAX = 900;

    public MixedSimulation() {
        Settings settings = Settings.read(RATE_PER_S);
        setUp(scenario("mixed")
                        .exec(Customers.register())
                        .repeat(READS)
                        .on(exec(Customers.readStatus())
                                .pause(
                                        java.time.Duration.ofMillis(PAUSE_MS_MIN),
                                        java.time.Duration.ofMillis(PAUSE_MS_MAX)))
                        .injectOpen(constantUsersPerSec(settings.ratePerS())
                                .during(settings.durationS())
                                .randomized()))
                .protocols(Customers.protocol(settings))
                .assertions(global().failedRequests().count().is(0L));
    }
}
