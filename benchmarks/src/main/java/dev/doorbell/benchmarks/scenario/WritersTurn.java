package dev.doorbell.benchmarks.scenario;

import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.lab.Topic;
import dev.doorbell.benchmarks.load.WriterScript;
import dev.doorbell.benchmarks.load.Writers;
import dev.doorbell.benchmarks.measure.Figures;
import java.time.Duration;

/**
 * 64 writers, each transaction one row of an aggregate and one event, on a database and a topic of their own; both are
 * gone at its end.
 */
final class WritersTurn implements AutoCloseable {
    static final int CONNECTIONS = 64;
    private static final double THOUSAND = 1_000.0;

    private final Lab lab;
    private final Writers writers;
    private final Database database;
    private final Topic topic;

    WritersTurn(Lab lab, Writers writers, String name) {
        this.lab = lab;
        this.writers = writers;
        String unique = lab.nextName(name);
        this.database = Database.create(lab, unique);
        this.topic = Topic.create(lab, unique);
        database.execute(WriterScript.AGGREGATE_TABLE);
    }

    Database database() {
        return database;
    }

    Topic topic() {
        return topic;
    }

    Writers.Done write(Duration duration) {
        return writers.write(lab, database, WriterScript.AGGREGATE_AND_EVENT, CONNECTIONS, duration);
    }

    /** The rate of the writers, and what they cost PostgreSQL since {@code postgresBefore}. */
    static Figures figures(Lab lab, Writers.Done done, double postgresBefore) {
        return new Figures()
                .put("rate_per_s", done.transactionsPerS())
                .put(
                        "postgres_cpu_s_per_1000",
                        (lab.postgresCpuSeconds() - postgresBefore) * THOUSAND / done.transactions());
    }

    @Override
    public void close() {
        topic.delete();
        database.drop();
    }
}
