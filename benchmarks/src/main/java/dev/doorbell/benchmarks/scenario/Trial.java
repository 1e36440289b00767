package dev.doorbell.benchmarks.scenario;

import dev.doorbell.benchmarks.contender.Contender;
import dev.doorbell.benchmarks.contender.Goal;
import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.lab.Topic;
import dev.doorbell.benchmarks.load.Backlog;
import dev.doorbell.benchmarks.load.SteadyLoad;
import dev.doorbell.benchmarks.measure.Audit;
import dev.doorbell.benchmarks.measure.BenchmarkException;
import dev.doorbell.benchmarks.measure.ProcessUsage;
import dev.doorbell.benchmarks.measure.Waiting;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/** One turn of one contender: a fresh database, a fresh topic, a fresh process; all gone at its end. */
final class Trial implements AutoCloseable {
    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(15);

    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final Lab lab;
    private final Contender contender;
    private final Database database;
    private final Topic topic;
    private Contender.Running running;
    private long written;

    Trial(Lab lab, Contender contender, Goal goal) {
        this(lab, contender, goal, database -> {});
    }

    /** @param before what the database holds before the contender is started */
    Trial(Lab lab, Contender contender, Goal goal, Consumer<Database> before) {
        this.lab = lab;
        this.contender = contender;
        String name = lab.nextName(contender.name());
        this.database = Database.create(lab, name);
        this.topic = Topic.create(lab, name);
        try {
            contender.prepare(lab, database);
            before.accept(database);
            running = contender.start(lab, database, topic, goal);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    Database database() {
        return database;
    }

    Topic topic() {
        return topic;
    }

    Contender.Running running() {
        return running;
    }

    /** The number of the next event. */
    long next() {
        return written;
    }

    SteadyLoad.Written write(SteadyLoad load, double ratePerS, Duration duration) {
        SteadyLoad.Written result = load.write(written, ratePerS, duration);
        written += SteadyLoad.count(ratePerS, duration);
        return result;
    }

    /** Returns the time, by {@link System#nanoTime}, from which on the contender had all rows before it. */
    long writeBacklog(long rows) {
        boolean held = running.hold();
        Backlog.write(database, contender.rows(), written, rows, !held);
        written += rows;
        long startedAt = System.nanoTime();
        if (held) {
            running.release();
        }
        return startedAt;
    }

    /** Until all that was written has been published; by the size of the topic, which costs nobody anything. */
    void awaitDrained() {
        Waiting.until(contender.name() + " has published everything", DRAIN_LIMIT, () -> {
            running.requireAlive();
            return topic.size() >= written;
        });
    }

    /**
     * What has become of the events from {@code first} on. If some are missing it looks again for as long as the topic
     * grows: repeats may have made it look complete.
     */
    Audit audit(long first, Map<TopicPartition, Long> from) {
        Audit audit = topic.audit(new Audit(first, written - first), from);
        while (audit.lost() > 0 && grows()) {
            audit = topic.audit(new Audit(first, written - first), from);
        }
        return audit;
    }

    private boolean grows() {
        long size = topic.size();
        try {
            Waiting.until("more comes", SILENCE, () -> topic.size() > size);
            return true;
        } catch (BenchmarkException nothingComes) {
            return false;
        }
    }

    /** CPU and memory since a moment. */
    CpuUse cpuUse() {
        return CpuUse.now(lab, running);
    }

    double peakMemoryMib() {
        return new ProcessUsage().peakMemoryMib(running.pid()).orElse(0);
    }

    @Override
    public void close() {
        try {
            if (running != null) {
                running.close();
            }
        } finally {
            topic.delete();
            try {
                database.drop();
            } catch (BenchmarkException inUse) {
                // A slot that its contender could not give back; the whole server is deleted at the end.
                lab.report(contender.name() + ": " + inUse.getMessage());
            }
        }
    }
}
