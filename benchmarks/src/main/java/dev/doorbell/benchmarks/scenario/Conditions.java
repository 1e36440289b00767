package dev.doorbell.benchmarks.scenario;

import dev.doorbell.benchmarks.contender.Contender;
import dev.doorbell.benchmarks.contender.Goal;
import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.load.Backlog;
import dev.doorbell.benchmarks.load.SteadyLoad;
import dev.doorbell.benchmarks.measure.Figures;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Latency at a rate and the drain behind it, as it is and under a condition that is known to harm queue tables: a
 * transaction that holds back VACUUM (xmin), or millions of rows that stay after their publication.
 */
public final class Conditions implements Scenario {
    private static final long RETAINED_ROWS = 10_000_000;
    private static final long QUICK_RETAINED_ROWS = 100_000;
    private static final int HELD_TIMES = 5;

    private final String name;
    private final String question;
    private final double ratePerS;
    private final List<Subject> subjects;

    private Conditions(String name, String question, double ratePerS, List<Contender> contenders, boolean retained) {
        this.name = name;
        this.question = question;
        this.ratePerS = ratePerS;
        this.subjects = contenders.stream()
                .flatMap(
                        contender -> Stream.of(subject(contender, false, retained), subject(contender, true, retained)))
                .toList();
    }

    /** A transaction that holds a snapshot for five times the length of a measurement, at 2,000 events/s. */
    public static Conditions heldSnapshot(List<Contender> contenders) {
        return new Conditions(
                "xmin-held",
                "At 2,000 events/s, without and with a transaction that holds its snapshot the whole time; then a drain",
                2_000,
                of(contenders, "doorbell", "polling"),
                false);
    }

    /** Only ours keeps its rows. */
    public static Conditions retainedRows(List<Contender> contenders) {
        return new Conditions(
                "retained-rows",
                "With an empty outbox and with 10 million rows that were published and are kept",
                1_000,
                of(contenders, "doorbell"),
                true);
    }

    private static List<Contender> of(List<Contender> contenders, String... names) {
        return contenders.stream()
                .filter(contender -> List.of(names).contains(contender.name()))
                .toList();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String question() {
        return question;
    }

    @Override
    public List<String> headlines() {
        return List.of("latency_p99_ms", "drain_rate_per_s");
    }

    @Override
    public List<Subject> subjects() {
        return subjects;
    }

    private Subject subject(Contender contender, boolean under, boolean retained) {
        String suffix = under ? retained ? "-retained" : "-held" : "";
        return Subject.of(contender.name() + suffix, (lab, plan) -> {
            Consumer<Database> before = under && retained
                    ? database -> retain(database, contender, plan.quick() ? QUICK_RETAINED_ROWS : RETAINED_ROWS)
                    : database -> {};
            return measure(lab, plan, contender, before, under && !retained);
        });
    }

    private Figures measure(Lab lab, Plan plan, Contender contender, Consumer<Database> before, boolean held) {
        // Without the condition for just as long: the table's size must be the same.
        Plan longer = plan.measuredFor(plan.measured().multipliedBy(name.equals("xmin-held") ? HELD_TIMES : 1));
        try (Trial trial = new Trial(lab, contender, Goal.LATENCY, before);
                SteadyLoad load = new SteadyLoad(trial.database(), contender.rows())) {
            BacklogDrain.warmUp(trial, plan);
            trial.write(load, ratePerS, plan.warmUp());
            trial.awaitDrained();
            try (HeldSnapshot snapshot = held ? HeldSnapshot.open(trial.database()) : null) {
                Figures figures = LatencyAtRate.measure(trial, load, ratePerS, longer);
                Figures drain = BacklogDrain.measure(trial, plan.backlogRows());
                return figures.put("drain_rate_per_s", drain.values().get("rate_per_s"))
                        .put("drain_lost", drain.values().get("lost"))
                        .put("held_s", snapshot == null ? 0 : snapshot.seconds());
            }
        }
    }

    /** Rows that the relay has published, so it seems, and that are too young to be removed. */
    private static void retain(Database database, Contender contender, long rows) {
        database.dropTrigger();
        Backlog.write(database, contender.rows(), 0, rows, false);
        database.execute("UPDATE outbox_cursor SET published_through = (SELECT max(seq) FROM outbox)");
        database.execute("ALTER TABLE outbox ENABLE TRIGGER USER");
        database.execute("VACUUM ANALYZE outbox");
    }
}
