package dev.doorbell.loadtests;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.Simulation;

/**
 * Customers who register and wait for the end of it, at a steady rate after a third of the time to warm up. The group in
 * the report is the time from the POST to the terminal status, to a quarter of a second.
 */
public final class RegistrationSimulation extends Simulation {
    private static final double RATE_PER_S = 20;

    public RegistrationSimulation() {
        Settings settings = Settings.read(RATE_PER_S);
        setUp(scenario("registration")
                        .exec(Customers.registerAndAwaitTerminal())
                        .injectOpen(
                                rampUsersPerSec(Math.max(settings.ratePerS() / 20, 0.1))
                                        .to(settings.ratePerS())
                                        .during(Math.max(settings.durationS() / 3, 1)),
                                constantUsersPerSec(settings.ratePerS()).during(settings.durationS())))
                .protocols(Customers.protocol(settings))
                .assertions(
                        global().failedRequests().count().is(0L),
                        details(Customers.TO_TERMINAL).failedRequests().count().is(0L));
    }
}
