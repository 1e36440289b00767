package dev.doorbell.benchmarks.scenario;

import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.lab.RegistrationSystem;
import dev.doorbell.benchmarks.load.HttpLoad;
import dev.doorbell.benchmarks.measure.Figures;
import dev.doorbell.benchmarks.measure.Waiting;
import java.time.Duration;
import java.util.List;

/**
 * Whole registrations, from the POST to a terminal status, with everything on one machine: all that were accepted,
 * divided by the time to the end of the last. So a backlog of sagas counts against it.
 */
public final class Registrations implements Scenario {
    private static final int CONNECTIONS = 64;
    private static final Duration SETTLE_LIMIT = Duration.ofMinutes(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
    private static final String PENDING =
            "SELECT count(*) FROM (SELECT FROM customer WHERE status = 'REGISTRATION_PENDING' LIMIT 1) AS pending";

    @Override
    public String name() {
        return "registrations";
    }

    @Override
    public String question() {
        return "Whole registrations per second, from the POST over " + CONNECTIONS
                + " connections to a terminal status";
    }

    @Override
    public List<String> headlines() {
        return List.of("settled_per_s");
    }

    @Override
    public List<Subject> subjects() {
        return List.of(Subject.of("doorbell", this::measure));
    }

    private Figures measure(Lab lab, Plan plan) {
        try (RegistrationSystem system = RegistrationSystem.start(lab, name());
                HttpLoad load = new HttpLoad(system.customerPort(), CONNECTIONS)) {
            load.register(plan.warmUp());
            awaitSettled(system);
            Database customers = system.customers();
            long failedBefore = failed(customers);
            customers.checkpoint();
            SystemCpu before = SystemCpu.now(lab, system);
            long startedAt = System.nanoTime();
            HttpLoad.Answered answered = load.register(plan.measured());
            awaitSettled(system);
            double seconds = (System.nanoTime() - startedAt) / 1e9;
            SystemCpu after = SystemCpu.now(lab, system);
            Figures figures = new Figures()
                    .put("settled_per_s", answered.accepted() / seconds)
                    .put("accepted_per_s", answered.acceptedPerS())
                    .put("refused", answered.refused())
                    .put("registration_failed", failed(customers) - failedBefore);
            after.put(figures, before, answered.accepted());
            return figures;
        }
    }

    private static void awaitSettled(RegistrationSystem system) {
        Waiting.until("every registration is settled", SETTLE_LIMIT, LOOK_AGAIN, () -> {
            system.requireAlive();
            return system.customers().number(PENDING) == 0;
        });
    }

    private static long failed(Database customers) {
        return customers.number("SELECT count(*) FROM customer WHERE status = 'REGISTRATION_FAILED'");
    }
}
