package dev.doorbell.benchmarks.contender;

import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.lab.Topic;
import dev.doorbell.benchmarks.measure.BenchmarkException;
import dev.doorbell.localstack.Ports;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Debezium's connector for PostgreSQL with its outbox event router, on Kafka Connect in standalone mode. It reads our
 * table; of the columns only those that the router needs.
 */
public final class Debezium implements Contender {
    private static final String VERSION = System.getProperty("benchmarks.debezium", "");

    @Override
    public String name() {
        return "debezium";
    }

    /** As the parent pom has it. */
    public static String version() {
        return VERSION;
    }

    @Override
    public void prepare(Lab lab, Database database) {
        database.dropTrigger();
        // Before the first row: the connector reads from here on.
        database.execute("CREATE PUBLICATION bench FOR TABLE outbox WITH (publish = 'insert')");
        database.execute("SELECT pg_create_logical_replication_slot('" + slot(database) + "', 'pgoutput')");
    }

    private static String slot(Database database) {
        return database.name().replace('-', '_');
    }

    @Override
    public Running start(Lab lab, Database database, Topic topic, Goal goal) {
        String classPath = ClassPath.of(lab, name());
        int port = Ports.free();
        Path worker = lab.scratch().resolve(database.name() + "-worker.properties");
        Path connector = lab.scratch().resolve(database.name() + "-connector.properties");
        write(worker, worker(lab, database, port, goal));
        write(connector, connector(lab, database, topic, goal));
        return new DebeziumRunning(
                lab.start(
                        name(),
                        Map.of("CLASSPATH", classPath),
                        List.of(
                                "-Xmx1g",
                                lab.quietLogging(),
                                "org.apache.kafka.connect.cli.ConnectStandalone",
                                worker.toString(),
                                connector.toString())),
                port,
                database,
                slot(database));
    }

    private static Map<String, String> worker(Lab lab, Database database, int port, Goal goal) {
        return Map.of(
                "bootstrap.servers",
                lab.kafka().bootstrapServers(),
                "listeners",
                "http://127.0.0.1:" + port,
                "key.converter",
                "org.apache.kafka.connect.storage.StringConverter",
                "value.converter",
                "io.debezium.converters.BinaryDataConverter",
                "offset.storage.file.filename",
                lab.scratch().resolve(database.name() + "-offsets").toString(),
                "producer.linger.ms",
                goal == Goal.LATENCY ? "0" : "5",
                "producer.compression.type",
                goal == Goal.LATENCY ? "none" : "lz4",
                "producer.batch.size",
                goal == Goal.LATENCY ? "16384" : "262144",
                "producer.buffer.memory",
                "67108864");
    }

    private static Map<String, String> connector(Lab lab, Database database, Topic topic, Goal goal) {
        return Map.ofEntries(
                Map.entry("name", "bench"),
                Map.entry("connector.class", "io.debezium.connector.postgresql.PostgresConnector"),
                Map.entry("tasks.max", "1"),
                Map.entry("database.hostname", "127.0.0.1"),
                Map.entry("database.port", String.valueOf(lab.postgres().port())),
                Map.entry("database.user", lab.postgres().user()),
                Map.entry("database.password", lab.postgres().password()),
                Map.entry("database.dbname", database.name()),
                Map.entry("topic.prefix", "bench"),
                Map.entry("plugin.name", "pgoutput"),
                Map.entry("publication.name", "bench"),
                Map.entry("publication.autocreate.mode", "disabled"),
                Map.entry("slot.name", slot(database)),
                Map.entry("snapshot.mode", "no_data"),
                Map.entry("table.include.list", "public.outbox"),
                Map.entry(
                        "column.include.list",
                        "public.outbox.(seq|event_id|aggregate_type|aggregate_id|event_type|payload)"),
                Map.entry("tombstones.on.delete", "false"),
                // Otherwise it keeps quantiles of its own of every event.
                Map.entry("statistics.metrics.enabled", "false"),
                Map.entry("binary.handling.mode", "bytes"),
                Map.entry("poll.interval.ms", goal == Goal.LATENCY ? "1" : "10"),
                Map.entry("max.batch.size", goal == Goal.LATENCY ? "2048" : "8192"),
                Map.entry("max.queue.size", goal == Goal.LATENCY ? "8192" : "32768"),
                Map.entry("transforms", "outbox"),
                Map.entry("transforms.outbox.type", "io.debezium.transforms.outbox.EventRouter"),
                Map.entry("transforms.outbox.table.field.event.id", "event_id"),
                Map.entry("transforms.outbox.table.field.event.key", "aggregate_id"),
                Map.entry("transforms.outbox.table.field.event.type", "event_type"),
                Map.entry("transforms.outbox.table.field.event.payload", "payload"),
                Map.entry("transforms.outbox.table.fields.additional.placement", "event_type:header:eventType"),
                Map.entry("transforms.outbox.route.by.field", "aggregate_type"),
                Map.entry("transforms.outbox.route.topic.replacement", topic.name()));
    }

    private static void write(Path file, Map<String, String> settings) {
        Properties properties = new Properties();
        properties.putAll(settings);
        try (Writer out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        } catch (IOException e) {
            throw new BenchmarkException(file + " cannot be written", e);
        }
    }
}
