package dev.doorbell.benchmarks.contender;

import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.lab.Topic;
import java.util.Map;

/** One way from an outbox table to Kafka. */
public interface Contender {
    /** For tables and the command line. */
    String name();

    /** The table that its writers insert into. */
    default Rows rows() {
        return Rows.outbox();
    }

    /** Before the first row: what it needs in the database, and nothing that only others need. */
    void prepare(Lab lab, Database database);

    /** Starts it; it need not be ready. */
    Running start(Lab lab, Database database, Topic topic, Goal goal);

    /** One run of it. */
    interface Running extends AutoCloseable {
        /** Of the one process that does its work outside PostgreSQL and Kafka. */
        long pid();

        /** @throws dev.doorbell.benchmarks.measure.BenchmarkException when it has ended */
        void requireAlive();

        /**
         * True if from now on it publishes nothing until {@link #release}. False if it cannot be held back: then rows
         * are kept from it by one transaction that writes them all.
         */
        default boolean hold() {
            return false;
        }

        default void release() {}

        /** What it has counted since its start, by names without unit, summed over its sources; none for most. */
        default Map<String, Double> counters() {
            return Map.of();
        }

        @Override
        void close();
    }
}
