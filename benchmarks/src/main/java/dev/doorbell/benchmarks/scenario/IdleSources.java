package dev.doorbell.benchmarks.scenario;

import dev.doorbell.benchmarks.contender.Contender;
import dev.doorbell.benchmarks.contender.DoorbellRelay;
import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.lab.Topic;
import dev.doorbell.benchmarks.measure.Figures;
import dev.doorbell.benchmarks.measure.ProcessUsage;
import dev.doorbell.benchmarks.measure.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a relay costs that has nothing to do: 50 sources in one process. */
public final class IdleSources implements Scenario {
    private static final int SOURCES = 50;
    private static final int QUICK_SOURCES = 5;
    private static final int MEASURED_TIMES = 5;
    private static final Duration LEADER_LIMIT = Duration.ofMinutes(3);
    private static final double PERCENT = 100;

    @Override
    public String name() {
        return "idle-sources";
    }

    @Override
    public String question() {
        return "One relay process with " + SOURCES + " sources (" + QUICK_SOURCES
                + " with --quick) that have nothing to publish: per cent of one core";
    }

    @Override
    public List<String> headlines() {
        return List.of("core_percent");
    }

    @Override
    public List<Subject> subjects() {
        return List.of(Subject.of("doorbell", IdleSources::measure));
    }

    private static Figures measure(Lab lab, Plan plan) {
        List<Database> databases = new ArrayList<>();
        String name = lab.nextName("idle");
        Topic topic = Topic.create(lab, name);
        try {
            for (int i = 0; i < (plan.quick() ? QUICK_SOURCES : SOURCES); i++) {
                databases.add(Database.create(lab, name + "-" + i));
            }
            String sources = databases.stream()
                    .map(database -> (databases.indexOf(database) == 0 ? "bench" : "idle" + databases.indexOf(database))
                            + "=" + database.url())
                    .collect(Collectors.joining(","));
            // So many databases cost PostgreSQL something by themselves, its autovacuum for one.
            double withoutRelay = postgresCorePercent(lab, plan);
            try (Contender.Running running = DoorbellRelay.start(lab, Map.of("RELAY_SOURCES", sources), topic)) {
                Waiting.until("every source has a leader", LEADER_LIMIT, () -> {
                    running.requireAlive();
                    return databases.stream().allMatch(IdleSources::isListened);
                });
                return measure(lab, plan, running).put("postgres_core_percent_without_relay", withoutRelay);
            }
        } finally {
            topic.delete();
            databases.forEach(Database::drop);
        }
    }

    /** By the advisory lock that a leader holds. */
    private static boolean isListened(Database database) {
        return database.number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = "
                        + "(SELECT oid FROM pg_database WHERE datname = current_database())")
                > 0;
    }

    private static double postgresCorePercent(Lab lab, Plan plan) {
        double before = lab.postgresCpuSeconds();
        long startedAt = System.nanoTime();
        Waiting.untilNanoTime(startedAt + 2 * plan.warmUp().toNanos());
        return (lab.postgresCpuSeconds() - before) / ((System.nanoTime() - startedAt) / 1e9) * PERCENT;
    }

    private static Figures measure(Lab lab, Plan plan, Contender.Running running) {
        long warmAt = System.nanoTime() + plan.warmUp().toNanos();
        Waiting.untilNanoTime(warmAt);
        CpuUse before = CpuUse.now(lab, running);
        long startedAt = System.nanoTime();
        Waiting.untilNanoTime(
                startedAt + plan.measured().multipliedBy(MEASURED_TIMES).toNanos());
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        CpuUse after = CpuUse.now(lab, running);
        double relay = (after.relay() - before.relay()) / seconds * PERCENT;
        double postgres = (after.postgres() - before.postgres()) / seconds * PERCENT;
        return new Figures()
                .put("core_percent", relay + postgres)
                .put("relay_core_percent", relay)
                .put("postgres_core_percent", postgres)
                .put(
                        "peak_memory_mib",
                        new ProcessUsage().peakMemoryMib(running.pid()).orElse(0));
    }
}
