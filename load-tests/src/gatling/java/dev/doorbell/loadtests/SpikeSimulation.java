package dev.doorbell.loadtests;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.core.CoreDsl.stressPeakUsers;

import io.gatling.javaapi.core.Simulation;

/**
 * Quiet, then ten seconds' worth of customers within one, then quiet again. A refusal with 503 would count as failed:
 * up to the limits that its settings give it the service takes a spike into the outbox and works through it.
 */
public final class SpikeSimulation extends Simulation {
    private static final double RATE_PER_S = 10;
    private static final int SPIKE_TIMES = 10;

    public SpikeSimulation() {
        Settings settings = Settings.read(RATE_PER_S);
        double quiet = Math.max(settings.ratePerS() / SPIKE_TIMES, 0.1);
        int third = Math.max(settings.durationS() / 3, 1);
        setUp(scenario("spike")
                        .exec(Customers.registerAndAwaitTerminal())
                        .injectOpen(
                                constantUsersPerSec(quiet).during(third),
                                stressPeakUsers((int) Math.ceil(settings.ratePerS() * SPIKE_TIMES))
                                        .during(1),
                                constantUsersPerSec(quiet).during(third)))
                .protocols(Customers.protocol(settings))
                .assertions(
                        global().failedRequests().count().is(0L),
                        details(Customers.TO_TERMINAL).failedRequests().count().is(0L));
    }
}
