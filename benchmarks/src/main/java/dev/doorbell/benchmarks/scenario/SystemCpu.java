package dev.doorbell.benchmarks.scenario;

import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.lab.RegistrationSystem;
import dev.doorbell.benchmarks.measure.Figures;
import java.util.Map;

/** CPU seconds of the registration system and its servers, up to a moment. */
record SystemCpu(Map<String, Double> services, double postgres, double kafka) {
    private static final double THOUSAND = 1_000.0;

    static SystemCpu now(Lab lab, RegistrationSystem system) {
        return new SystemCpu(system.cpuSeconds(), lab.postgresCpuSeconds(), lab.kafkaCpuSeconds());
    }

    /** The seconds since then, per 1,000 registrations. */
    void put(Figures figures, SystemCpu since, long registrations) {
        services.forEach((module, seconds) -> figures.put(
                module.replace("-verticle", "") + "_cpu_s_per_1000",
                (seconds - since.services.get(module)) * THOUSAND / registrations));
        figures.put("postgres_cpu_s_per_1000", (postgres - since.postgres) * THOUSAND / registrations);
        figures.put("kafka_cpu_s_per_1000", (kafka - since.kafka) * THOUSAND / registrations);
    }
}
