package dev.doorbell.benchmarks.scenario;

import dev.doorbell.benchmarks.contender.Contender;
import dev.doorbell.benchmarks.contender.DoorbellRelay;
import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.lab.Topic;
import dev.doorbell.benchmarks.load.Backlog;
import dev.doorbell.benchmarks.load.WriterScript;
import dev.doorbell.benchmarks.load.Writers;
import dev.doorbell.benchmarks.measure.Figures;
import java.util.List;
import java.util.Map;

/** What the removal of old rows costs the writers: the same writers with nothing to remove and with much. */
public final class Retention implements Scenario {
    private static final int CONNECTIONS = 64;
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
        return new Subject() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Figures measure(Lab lab, Plan plan) {
                return Retention.this.measure(lab, plan, name, removing);
            }
        };
    }

    private Figures measure(Lab lab, Plan plan, String name, boolean removing) {
        String unique = lab.nextName(name);
        Database database = Database.create(lab, unique);
        Topic topic = Topic.create(lab, unique);
        database.execute(WriterScript.AGGREGATE_TABLE);
        long oldRows = plan.backlogRows() * OLD_ROWS_PER_BACKLOG_ROW;
        fill(database, oldRows);
        Map<String, String> environment = Map.of(
                "RELAY_SOURCES",
                "bench=" + database.url(),
                "OUTBOX_RETENTION_HOURS",
                // The longest there is, or the shortest: the rows are two days old.
                removing ? "24" : "87600",
                "OUTBOX_RETENTION_INTERVAL_MS",
                RETENTION_INTERVAL_MS);
        try (Contender.Running running = DoorbellRelay.start(lab, environment, topic)) {
            writers.write(lab, database, WriterScript.AGGREGATE_AND_EVENT, CONNECTIONS, plan.warmUp());
            running.requireAlive();
            long before = remaining(database);
            Writers.Done done =
                    writers.write(lab, database, WriterScript.AGGREGATE_AND_EVENT, CONNECTIONS, plan.measured());
            running.requireAlive();
            return new Figures()
                    .put("rate_per_s", done.transactionsPerS())
                    .put("old_rows_before", before)
                    .put("old_rows_removed", before - remaining(database));
        } finally {
            topic.delete();
            database.drop();
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
