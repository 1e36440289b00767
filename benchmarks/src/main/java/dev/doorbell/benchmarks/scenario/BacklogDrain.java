package dev.doorbell.benchmarks.scenario;

import dev.doorbell.benchmarks.contender.Contender;
import dev.doorbell.benchmarks.contender.Goal;
import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.measure.Audit;
import dev.doorbell.benchmarks.measure.Figures;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/** How fast a backlog leaves: from the moment at which all of its rows lie before the contender to the last append. */
public final class BacklogDrain implements Scenario {
    private static final double MS_PER_SECOND = 1_000;

    private final List<Contender> contenders;

    public BacklogDrain(List<Contender> contenders) {
        this.contenders = contenders;
    }

    @Override
    public String name() {
        return "backlog";
    }

    @Override
    public String question() {
        return "Rate at which a backlog is published; beside it, Kafka's own producer tool on records of that size";
    }

    @Override
    public List<String> headlines() {
        return List.of("rate_per_s");
    }

    @Override
    public List<Subject> subjects() {
        List<Subject> subjects = new ArrayList<>();
        for (Contender contender : contenders) {
            subjects.add(Subject.of(contender.name(), (lab, plan) -> measure(lab, plan, contender)));
        }
        subjects.add(new ProducerTool());
        return subjects;
    }

    private static Figures measure(Lab lab, Plan plan, Contender contender) {
        try (Trial trial = new Trial(lab, contender, Goal.DRAIN)) {
            warmUp(trial, plan);
            return measure(trial, plan.backlogRows());
        }
    }

    /** By drains: the code that works through a backlog is not the code that waits for single rows. */
    static void warmUp(Trial trial, Plan plan) {
        long warmAt = System.nanoTime() + plan.warmUp().toNanos();
        do {
            trial.writeBacklog(plan.warmUpRows());
            trial.awaitDrained();
        } while (System.nanoTime() - warmAt < 0);
    }

    static Figures measure(Trial trial, long rows) {
        trial.database().checkpoint();
        Map<TopicPartition, Long> from = trial.topic().ends();
        long first = trial.next();
        CpuUse before = trial.cpuUse();
        long startedAt = trial.writeBacklog(rows);
        // The server's clock and ours are one; the drain runs already, these lines cost it nothing.
        long startedAtMs = Clock.systemUTC().millis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt);
        trial.awaitDrained();
        CpuUse after = trial.cpuUse();
        Audit audit = trial.audit(first, from);
        double seconds = Math.max(1, audit.lastAppendMs() - startedAtMs) / MS_PER_SECOND;
        Figures figures = new Figures()
                .put("rate_per_s", rows / seconds)
                .put("drain_s", seconds)
                .put("first_append_s", (audit.firstAppendMs() - startedAtMs) / MS_PER_SECOND)
                .putFaults(audit);
        after.put(figures, before, rows);
        return figures.put("peak_memory_mib", trial.peakMemoryMib());
    }
}
