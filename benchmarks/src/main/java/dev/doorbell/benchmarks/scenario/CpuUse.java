package dev.doorbell.benchmarks.scenario;

import dev.doorbell.benchmarks.contender.Contender;
import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.measure.Figures;
import dev.doorbell.benchmarks.measure.ProcessUsage;

/** CPU seconds up to a moment. */
record CpuUse(double postgres, double relay, double kafka) {
    private static final double THOUSAND = 1_000.0;

    static CpuUse now(Lab lab, Contender.Running running) {
        return new CpuUse(
                lab.postgresCpuSeconds(),
                new ProcessUsage().cpuSeconds(running.pid()).orElse(0),
                lab.kafkaCpuSeconds());
    }

    /** The seconds since then, per 1,000 events. PostgreSQL's hold those of the writers' statements. */
    void put(Figures figures, CpuUse since, long events) {
        figures.put("relay_cpu_s_per_1000", (relay - since.relay) * THOUSAND / events);
        figures.put("postgres_cpu_s_per_1000", (postgres - since.postgres) * THOUSAND / events);
        figures.put("kafka_cpu_s_per_1000", (kafka - since.kafka) * THOUSAND / events);
    }
}
