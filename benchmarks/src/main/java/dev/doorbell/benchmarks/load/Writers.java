package dev.doorbell.benchmarks.load;

import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.lab.Lab;
import java.time.Duration;

/**
 * Writers as fast as PostgreSQL lets them, each with the next transaction as soon as the last has been answered (closed
 * model).
 */
public interface Writers {
    /**
     * What they did.
     *
     * @param transactions committed
     */
    record Done(long transactions, double transactionsPerS) {}

    /** For the facts of the machine. */
    String description();

    /** Returns when the time is over and all have had their last answer. */
    Done write(Lab lab, Database database, WriterScript script, int connections, Duration duration);

    /** pgbench where it is on the PATH, because everybody knows it; our own loader where it is not. */
    static Writers ofThisMachine() {
        return PgBench.find().map(pgbench -> (Writers) pgbench).orElseGet(OwnWriters::new);
    }
}
