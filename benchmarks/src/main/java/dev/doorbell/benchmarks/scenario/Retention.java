package dev.doorbell.benchmarks.scenario;

import dev.doorbell.benchmarks.contender.Contender;
import dev.doorbell.benchmarks.contender.DoorbellRelay;
import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.load.Backlog;
import dev.doorbell.benchmarks.load.Writers;
import dev.doorbell.benchmarks.measure.Figures;
import java.util.List;
import java.util.Map;

/** What the removal of old rows costs the writers: the same writers with nothing to remove and with much. */
public final class Retention implements Scenario {
    /** So that it is at work from the first second on. */
    private static final String RETENTION_INTERVAL_MS = "1000";

    private static final long OLD_ROWS_PER_BACKLOG_ROW = 4;

    private final Writers writers = Writers.ofThisMachine();

    @Override
    public String name() {
        return "retention";
    }

    @Override
    public String question() {
        return "Transactions per second of 64 writers, relay running, with nothing to remove and while rows older than the "
                + "retention are removed";
    }

    @Override
    public List<String> headlines() {
        return List.of("rate_per_s");
    }

    @Override
    public List<Subject> subjects() {
        return List.of(subject("nothing-to-remove", false), subject("removing", true));
    }

    private Subject subject(String name, boolean removing) {
        return Subject.of(name, (lab, plan) -> {
            try (WritersTurn turn = new WritersTurn(lab, writers, name)) {
                fill(turn.database(), plan.backlogRows() * OLD_ROWS_PER_BACKLOG_ROW);
                return measure(lab, plan, turn, removing);
            }
        });
    }

    private static Figures measure(Lab lab, Plan plan, WritersTurn turn, boolean removing) {
        Map<String, String> environment = Map.of(
                "RELAY_SOURCES",
                "bench=" + turn.database().url(),
                "OUTBOX_RETENTION_HOURS",
                // The longest there is, or the shortest: the rows are two days old.
                removing ? "24" : "87600",
                "OUTBOX_RETENTION_INTERVAL_MS",
                RETENTION_INTERVAL_MS);
        try (Contender.Running running = DoorbellRelay.start(lab, environment, turn.topic())) {
            turn.write(plan.warmUp());
            running.requireAlive();
            long before = remaining(turn.database());
            turn.database().checkpoint();
            double postgresBefore = lab.postgresCpuSeconds();
            Writers.Done done = turn.write(plan.measured());
            running.requireAlive();
            return WritersTurn.figures(lab, done, postgresBefore)
                    .put("old_rows_before", before)
                    .put("old_rows_removed", before - remaining(turn.database()));
        }
    }

    /** Published two days ago, so it seems. */
    private static void fill(Database database, long rows) {
        database.dropTrigger();
        database.execute("ALTER TABLE outbox ALTER created_at SET DEFAULT now() - interval '2 days'");
        Backlog.write(database, new DoorbellRelay().rows(), 0, rows, false);
        database.execute("ALTER TABLE outbox ALTER created_at SET DEFAULT now()");
        database.execute("UPDATE outbox_cursor SET published_through = (SELECT max(seq) FROM outbox)");
        database.execute("ALTER TABLE outbox ENABLE TRIGGER USER");
        database.execute("VACUUM ANALYZE outbox");
    }

    private static long remaining(Database database) {
        return database.number("SELECT count(*) FROM outbox WHERE created_at < now() - interval '1 day'");
    }
}
