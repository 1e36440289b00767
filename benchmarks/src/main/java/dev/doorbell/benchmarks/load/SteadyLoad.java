package dev.doorbell.benchmarks.load;

import dev.doorbell.benchmarks.contender.Rows;
import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.measure.BenchmarkException;
import dev.doorbell.benchmarks.measure.Payload;
import dev.doorbell.benchmarks.measure.Waiting;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * Writers that insert one event per transaction at a given rate, whatever the answers take (open model), as long as the
 * connections suffice. Each connection writes aggregates of its own, so the numbers of an aggregate's events ascend.
 */
public final class SteadyLoad implements AutoCloseable {
    private static final int CONNECTIONS = 16;
    private static final int AGGREGATES_PER_CONNECTION = 50;
    private static final long MICROS_MAX = 600_000_000L;
    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * What the writers saw.
     *
     * @param commits microseconds from the sending of an INSERT to the answer to its commit
     * @param lateness microseconds from the moment at which an INSERT was due to its sending: all connections were busy
     * @param ratePerS events per second that were really written
     */
    public record Written(Histogram commits, Histogram lateness, double ratePerS) {}

    /** The same of one connection, and of all together. */
    private record Times(Histogram commits, Histogram lateness) {
        Times() {
            this(new Histogram(MICROS_MAX, 3), new Histogram(MICROS_MAX, 3));
        }

        static void record(Histogram histogram, long nanos) {
            histogram.recordValue(Math.min(Math.max(nanos, 0) / 1_000, MICROS_MAX));
        }

        void add(Times part) {
            commits.add(part.commits);
            lateness.add(part.lateness);
        }
    }

    private final Database database;
    private final Rows rows;
    private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    private final List<Connection> connections = new ArrayList<>();

    public SteadyLoad(Database database, Rows rows) {
        this.database = database;
        this.rows = rows;
        for (int i = 0; i < CONNECTIONS; i++) {
            connections.add(database.connect());
        }
    }

    /** The events from number {@code first} on; returns when the last has been committed. */
    public Written write(long first, double ratePerS, Duration duration) {
        return write(first, count(ratePerS, duration), ratePerS);
    }

    /** How many events that makes. */
    public static long count(double ratePerS, Duration duration) {
        return Math.max(1, Math.round(ratePerS * duration.toMillis() / 1_000));
    }

    private Written write(long first, long count, double ratePerS) {
        AtomicLong next = new AtomicLong();
        long startedAt = System.nanoTime();
        List<Callable<Times>> writers = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            int writer = i;
            writers.add(() -> writer(writer, next, first, count, startedAt, NANOS_PER_SECOND / ratePerS));
        }
        Times all = new Times();
        try {
            for (Future<Times> part : threads.invokeAll(writers)) {
                all.add(part.get());
            }
        } catch (ExecutionException e) {
            throw new BenchmarkException("writing events", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted while writing events");
        }
        return new Written(all.commits, all.lateness, count * NANOS_PER_SECOND / (System.nanoTime() - startedAt));
    }

    private Times writer(int writer, AtomicLong next, long first, long count, long startedAt, double nanosBetween)
            throws SQLException {
        Times times = new Times();
        try (PreparedStatement insert = connections.get(writer).prepareStatement(rows.insert())) {
            for (long index = next.getAndIncrement(); index < count; index = next.getAndIncrement()) {
                long dueAt = startedAt + (long) (index * nanosBetween);
                Waiting.untilNanoTime(dueAt);
                insert.setString(1, "aggregate-" + writer + "-" + index % AGGREGATES_PER_CONNECTION);
                long sentAt = System.nanoTime();
                insert.setBytes(2, new Payload(first + index, microsNow()).bytes());
                insert.executeUpdate();
                Times.record(times.commits, System.nanoTime() - sentAt);
                Times.record(times.lateness, sentAt - dueAt);
            }
        }
        return times;
    }

    private static long microsNow() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    public Database database() {
        return database;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        for (Connection connection : connections) {
            try {
                connection.close();
            } catch (SQLException closing) {
                // Its database goes with it.
            }
        }
    }
}
