package dev.doorbell.benchmarks.scenario;

import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.lab.RegistrationSystem;
import dev.doorbell.benchmarks.lab.Topic;
import dev.doorbell.benchmarks.load.HttpLoad;
import dev.doorbell.benchmarks.load.WriterScript;
import dev.doorbell.benchmarks.load.Writers;
import dev.doorbell.benchmarks.measure.Figures;
import dev.doorbell.benchmarks.measure.Waiting;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.apache.kafka.common.TopicPartition;

/**
 * Registrations accepted over HTTP and published, beside what PostgreSQL alone does with the same insert, one statement per
 * client. The payment service does not run: what sagas take of the machine is the question of {@link Registrations}.
 */
public final class HttpRate implements Scenario {
    /** Where PostgreSQL does most by itself; with 256 clients it does less. */
    private static final int SQL_CLIENTS = 64;

    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(15);
    private static final long LAG_MICROS_MAX = 3_600_000_000L;
    private static final long MICROS_PER_MS = 1_000;

    private final Writers writers = Writers.ofThisMachine();
    private final int connections;

    public HttpRate(int connections) {
        this.connections = connections;
    }

    @Override
    public String name() {
        return "http-" + connections;
    }

    @Override
    public String question() {
        return "POST /customers over " + connections
                + " connections beside the same rows written by one statement each over " + SQL_CLIENTS + " ("
                + writers.description()
                + ", without trigger, relay and services)";
    }

    @Override
    public List<String> headlines() {
        return List.of("rate_per_s");
    }

    @Override
    public List<Subject> subjects() {
        return List.of(Subject.of("one-statement-sql", this::statements), Subject.of("doorbell-http", this::http));
    }

    private Figures statements(Lab lab, Plan plan) {
        Database database = Database.create(lab, lab.nextName("statements"), "customers");
        try {
            database.dropTrigger();
            writers.write(lab, database, WriterScript.REGISTRATION, SQL_CLIENTS, plan.warmUp());
            database.checkpoint();
            double postgresBefore = lab.postgresCpuSeconds();
            Writers.Done done = writers.write(lab, database, WriterScript.REGISTRATION, SQL_CLIENTS, plan.measured());
            return WritersTurn.figures(lab, done, postgresBefore);
        } finally {
            database.drop();
        }
    }

    private Figures http(Lab lab, Plan plan) {
        try (RegistrationSystem system = RegistrationSystem.withoutPayments(lab, name());
                HttpLoad load = new HttpLoad(system.customerPort(), connections)) {
            load.register(plan.warmUp());
            system.customers().checkpoint();
            Map<TopicPartition, Long> from = system.customerTopic().ends();
            long eventsBefore = published(system);
            SystemCpu before = SystemCpu.now(lab, system);
            HttpLoad.Answered answered = load.register(plan.measured());
            long expected = eventsBefore + answered.accepted();
            Waiting.until("every registration's event is published", DRAIN_LIMIT, () -> {
                system.requireAlive();
                return published(system) >= expected;
            });
            SystemCpu after = SystemCpu.now(lab, system);
            Figures figures = new Figures()
                    .put("rate_per_s", answered.acceptedPerS())
                    .put("refused", answered.refused())
                    .putMillis("answer", answered.answers())
                    .putMillis("relay_lag", lag(system.customerTopic(), from));
            after.put(figures, before, answered.accepted());
            return figures;
        }
    }

    /** Including those of later steps of the saga; enough to know that the first ones are there. */
    private static long published(RegistrationSystem system) {
        return system.customerTopic().size();
    }

    /** From the database's time of the row to its append. */
    private static Histogram lag(Topic topic, Map<TopicPartition, Long> from) {
        Histogram lag = new Histogram(LAG_MICROS_MAX, 3);
        topic.forEach(from, message -> {
            byte[] time = message.headers().lastHeader("ce_time").value();
            Instant createdAt = Instant.parse(new String(time, StandardCharsets.UTF_8));
            long micros = message.timestamp() * MICROS_PER_MS
                    + MICROS_PER_MS / 2
                    - createdAt.getEpochSecond() * 1_000_000
                    - createdAt.getNano() / 1_000;
            lag.recordValue(Math.min(Math.max(micros, 0), LAG_MICROS_MAX));
        });
        return lag;
    }
}
