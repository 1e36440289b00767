package dev.doorbell.benchmarks.scenario;

import dev.doorbell.benchmarks.contender.Contender;
import dev.doorbell.benchmarks.contender.DoorbellRelay;
import dev.doorbell.benchmarks.contender.Goal;
import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.lab.Topic;
import dev.doorbell.benchmarks.load.Notifications;
import dev.doorbell.benchmarks.load.Writers;
import dev.doorbell.benchmarks.measure.Figures;
import dev.doorbell.benchmarks.measure.ProcessUsage;
import dev.doorbell.benchmarks.measure.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * What the outbox's trigger and the relay cost the writers: 64 connections, each transaction one row of an aggregate and
 * one event. "writers-alone" has neither trigger nor relay; "plain-notify" is the trigger that rings every time.
 */
public final class WritersRate implements Scenario {
    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(15);
    private static final String PLAIN_NOTIFY = """
            ALTER TABLE outbox DISABLE TRIGGER USER;
            CREATE FUNCTION plain_notify() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_notify('outbox', ''); RETURN NULL; END $$;
            CREATE TRIGGER plain_notify AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION plain_notify();
            """;

    private final Writers writers = Writers.ofThisMachine();

    @Override
    public String name() {
        return "writers";
    }

    @Override
    public String question() {
        return "Transactions per second of " + WritersTurn.CONNECTIONS
                + " writers, an aggregate's row and an event each (" + writers.description() + ")";
    }

    @Override
    public List<String> headlines() {
        return List.of("rate_per_s", "notifications_per_1000");
    }

    @Override
    public List<Subject> subjects() {
        return List.of(
                subject("writers-alone", false, Database::dropTrigger),
                subject("doorbell-running", true, database -> {}),
                subject("doorbell-not-running", false, database -> {}),
                subject("plain-notify", false, database -> database.execute(PLAIN_NOTIFY)));
    }

    private Subject subject(String name, boolean relay, Consumer<Database> setUp) {
        return Subject.of(name, (lab, plan) -> {
            try (WritersTurn turn = new WritersTurn(lab, writers, name)) {
                setUp.accept(turn.database());
                return measure(lab, plan, turn, relay);
            }
        });
    }

    private static Figures measure(Lab lab, Plan plan, WritersTurn turn, boolean relay) {
        Topic topic = turn.topic();
        try (Contender.Running running =
                        relay ? new DoorbellRelay().start(lab, turn.database(), topic, Goal.LATENCY) : null;
                Notifications notifications = new Notifications(turn.database())) {
            long written = turn.write(plan.warmUp()).transactions();
            if (relay) {
                // A relay that is behind from its warm-up would be measured as one that does not keep up.
                awaitPublished(topic, running, written);
            }
            long rungBefore = notifications.count();
            turn.database().checkpoint();
            double postgresBefore = lab.postgresCpuSeconds();
            CpuUse before = relay ? CpuUse.now(lab, running) : null;
            Writers.Done done = turn.write(plan.measured());
            long endedAt = System.nanoTime();
            written += done.transactions();
            Figures figures = WritersTurn.figures(lab, done, postgresBefore)
                    .put(
                            "notifications_per_1000",
                            (notifications.count() - rungBefore) * 1_000.0 / done.transactions());
            if (relay) {
                awaitPublished(topic, running, written);
                figures.put("behind_at_end_s", (System.nanoTime() - endedAt) / 1e9);
                figures.put("lost", written - topic.size());
                figures.put(
                        "relay_cpu_s_per_1000",
                        (CpuUse.now(lab, running).relay() - before.relay()) * 1_000.0 / done.transactions());
                figures.put(
                        "peak_memory_mib",
                        new ProcessUsage().peakMemoryMib(running.pid()).orElse(0));
            }
            return figures;
        }
    }

    private static void awaitPublished(Topic topic, Contender.Running running, long written) {
        Waiting.until("the relay has published everything", DRAIN_LIMIT, () -> {
            running.requireAlive();
            return topic.size() >= written;
        });
    }
}
