package dev.doorbell.benchmarks.contender;

import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.lab.Topic;
import dev.doorbell.benchmarks.measure.BenchmarkException;
import dev.doorbell.benchmarks.measure.Payload;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;

/**
 * An outbox library in a Spring Boot application: Namastack Outbox with JDBC. It brings its own table; the rows that the
 * writers insert are those that its own call would, with the same payloads. Many keys per poll and many threads, which is
 * what its documentation says makes it fast; completed rows are deleted.
 */
public final class Namastack implements Contender {
    /** As the library names a handler that was given no name. */
    private static final String HANDLER =
            "LibraryRelay$Publisher#handle(java.lang.String,io.namastack.outbox.handler.OutboxRecordMetadata)";

    private static final String COLUMNS = """
            INSERT INTO outbox_record (id, status, record_key, record_type, payload, created_at, failure_count,
                                       next_retry_at, partition_no, handler_id)
            """;
    /** How many partitions the library deals out to its instances; one instance has them all, so any number does. */
    private static final String PARTITION = "(hashtext(%s) & 255)";

    private static final String THREADS = "32";

    @Override
    public String name() {
        return "namastack";
    }

    /** By the time of creation the library orders the rows of a key: a backlog's are a microsecond apart. */
    @Override
    public Rows rows() {
        return new Rows(
                COLUMNS + """
                        SELECT gen_random_uuid()::text, 'NEW', event.key, 'java.lang.String',
                               to_json(convert_from(event.payload, 'UTF8'))::text, clock_timestamp(), 0, now(),
                               %s, '%s'
                        FROM (SELECT ?::text AS key, ?::bytea AS payload) AS event
                        """.formatted(PARTITION.formatted("event.key"), HANDLER),
                COLUMNS + """
                        SELECT gen_random_uuid()::text, 'NEW', 'aggregate-' || n %% 1000, 'java.lang.String',
                               to_json(convert_from(%s, 'UTF8'))::text,
                               now() - interval '1 hour' + n * interval '1 microsecond', 0, now(), %s, '%s'
                        FROM generate_series(?::bigint, ?::bigint) AS n
                        ORDER BY n
                        """.formatted(Payload.sql("n"), PARTITION.formatted("'aggregate-' || n % 1000"), HANDLER));
    }

    @Override
    public void prepare(Lab lab, Database database) {
        String schema = "schema/postgres/outbox-tables.sql";
        database.execute(JarFile.text(ClassPath.of(lab, name()), "namastack-outbox-jdbc", schema));
    }

    @Override
    public Running start(Lab lab, Database database, Topic topic, Goal goal) {
        String classPath = ClassPath.of(lab, name()) + File.pathSeparator + classes(lab);
        return new ChildRunning(lab.start(
                name(),
                Map.ofEntries(
                        Map.entry("CLASSPATH", classPath),
                        Map.entry("KAFKA_BOOTSTRAP_SERVERS", lab.kafka().bootstrapServers()),
                        Map.entry("TOPIC", topic.name()),
                        Map.entry("LINGER_MS", goal == Goal.LATENCY ? "0" : "1"),
                        Map.entry("SPRING_DATASOURCE_URL", database.jdbcUrl()),
                        Map.entry("SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE", THREADS),
                        Map.entry("LOGGING_LEVEL_ROOT", "WARN"),
                        Map.entry("NAMASTACK_OUTBOX_POLLING_BATCHSIZE", "1000"),
                        Map.entry("NAMASTACK_OUTBOX_POLLING_FIXED_INTERVAL", goal == Goal.LATENCY ? "1ms" : "10ms"),
                        Map.entry("NAMASTACK_OUTBOX_PROCESSING_DELETECOMPLETEDRECORDS", "true"),
                        Map.entry("NAMASTACK_OUTBOX_PROCESSING_EXECUTORCOREPOOLSIZE", THREADS),
                        Map.entry("NAMASTACK_OUTBOX_PROCESSING_EXECUTORMAXPOOLSIZE", THREADS),
                        Map.entry("NAMASTACK_OUTBOX_INSTANCE_REBALANCEINTERVAL", "1s")),
                List.of("-Xmx512m", "LibraryRelay")));
    }

    private Path classes(Lab lab) {
        Path classes = lab.scratch().resolve(name() + "-classes");
        if (Files.exists(classes)) {
            return classes;
        }
        Path source = lab.root().resolve("benchmarks/contenders/namastack/LibraryRelay.java");
        try {
            Files.createDirectories(classes);
        } catch (IOException e) {
            throw new BenchmarkException(classes + " cannot be made", e);
        }
        int code = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        ClassPath.of(lab, name()),
                        "-d",
                        classes.toString(),
                        source.toString());
        if (code != 0) {
            throw new BenchmarkException(source + " does not compile");
        }
        return classes;
    }
}
