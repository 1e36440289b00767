package dev.doorbell.benchmarks.scenario;

import dev.doorbell.benchmarks.contender.Contender;
import dev.doorbell.benchmarks.contender.Goal;
import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.load.SteadyLoad;
import dev.doorbell.benchmarks.measure.Audit;
import dev.doorbell.benchmarks.measure.Figures;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** How long an event takes from the sending of its INSERT to its append in Kafka, while events come at a steady rate. */
public final class LatencyAtRate implements Scenario {
    /** Of a few events a second three minutes give a p99 that is not the worst but two. */
    private static final int SINGLE_EVENTS_TIMES = 3;

    private static final double MICROS_PER_MS = 1_000.0;
    /** Until the programs are compiled; the rate itself would take an hour for that. */
    private static final double WARM_UP_PER_S = 500;

    private final String name;
    private final double ratePerS;
    private final int times;
    private final List<Contender> contenders;

    public LatencyAtRate(String name, double ratePerS, List<Contender> contenders) {
        this(name, ratePerS, 1, contenders);
    }

    /** So few that a relay may sleep before each. */
    public static LatencyAtRate ofSingleEvents(String name, double ratePerS, List<Contender> contenders) {
        return new LatencyAtRate(name, ratePerS, SINGLE_EVENTS_TIMES, contenders);
    }

    private LatencyAtRate(String name, double ratePerS, int times, List<Contender> contenders) {
        this.name = name;
        this.ratePerS = ratePerS;
        this.times = times;
        this.contenders = contenders;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String question() {
        return "From the sending of the INSERT to the append in Kafka, at " + Math.round(ratePerS) + " events/s";
    }

    @Override
    public List<String> headlines() {
        return List.of("latency_p50_ms", "latency_p99_ms");
    }

    @Override
    public List<Subject> subjects() {
        return contenders.stream()
                .map(contender -> Subject.of(contender.name(), (lab, plan) -> measure(lab, plan, contender)))
                .toList();
    }

    private Figures measure(Lab lab, Plan plan, Contender contender) {
        try (Trial trial = new Trial(lab, contender, Goal.LATENCY);
                SteadyLoad load = new SteadyLoad(trial.database(), contender.rows())) {
            trial.write(load, Math.max(ratePerS, WARM_UP_PER_S), plan.warmUp());
            trial.awaitDrained();
            return measure(
                    trial, load, ratePerS, plan.measuredFor(plan.measured().multipliedBy(times)));
        }
    }

    /** The measurement itself, in a trial that is warm and has nothing left to do. */
    static Figures measure(Trial trial, SteadyLoad load, double ratePerS, Plan plan) {
        trial.database().checkpoint();
        Map<TopicPartition, Long> from = trial.topic().ends();
        long first = trial.next();
        CpuUse before = trial.cpuUse();
        SleepCount sleepsBefore = SleepCount.now(trial.running());
        SteadyLoad.Written written = trial.write(load, ratePerS, plan.measured());
        trial.awaitDrained();
        CpuUse after = trial.cpuUse();
        SleepCount sleeps = SleepCount.now(trial.running());
        long events = trial.next() - first;
        Audit audit = trial.audit(first, from);
        Figures figures = new Figures().put("rate_per_s", written.ratePerS());
        figures.putMillis("latency", audit.latencies());
        figures.putMillis("commit", written.commits());
        figures.put("sent_late_p99_ms", written.lateness().getValueAtPercentile(99) / MICROS_PER_MS);
        figures.putFaults(audit);
        after.put(figures, before, events);
        sleeps.put(figures, sleepsBefore, events);
        return figures.put("peak_memory_mib", trial.peakMemoryMib());
    }
}
