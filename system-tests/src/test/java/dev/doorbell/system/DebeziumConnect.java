package dev.doorbell.system;

import dev.doorbell.localstack.LocalPostgres;
import dev.doorbell.localstack.OwnedDirectory;
import dev.doorbell.localstack.Ports;
import dev.doorbell.system.harness.Database;
import dev.doorbell.system.harness.RunningSystem;
import dev.doorbell.system.harness.ServiceProcess;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * Kafka Connect in standalone mode with Debezium's connectors for PostgreSQL and its outbox event router, as a process of
 * its own on a class path that Maven resolves: such dependencies must not meet ours.
 */
final class DebeziumConnect implements AutoCloseable {
    private static final int END_LIMIT_S = 30;
    private static final int LOG_TAIL_LINES = 30;

    private final OwnedDirectory owner = OwnedDirectory.create("connect");
    private final RunningSystem system;
    private final Database database;
    private final List<Path> connectors = new ArrayList<>();
    private Process process;
    private Path log;

    DebeziumConnect(RunningSystem system, Database database) {
        this.system = system;
        this.database = database;
    }

    /**
     * One more connector, with a replication slot of its own from now on: what is written later it reads, whenever it is
     * started.
     *
     * @param tables with their schema, separated by commas
     * @param condition of the rows to publish, the last table's; {@code true} for all
     * @param settings further ones, which win over ours
     */
    void add(String name, String tables, String condition, Map<String, String> settings) throws IOException {
        database.execute("CREATE PUBLICATION " + name + " FOR TABLE " + tables + " WHERE (" + condition
                + ") WITH (publish = 'insert')");
        database.execute("SELECT pg_create_logical_replication_slot('" + slot(name) + "', 'pgoutput')");
        LocalPostgres postgres = system.stack().postgres();
        Map<String, String> all = new HashMap<>(Map.ofEntries(
                Map.entry("name", name),
                Map.entry("connector.class", "io.debezium.connector.postgresql.PostgresConnector"),
                Map.entry("database.hostname", "127.0.0.1"),
                Map.entry("database.port", String.valueOf(postgres.port())),
                Map.entry("database.user", postgres.user()),
                Map.entry("database.password", postgres.password()),
                Map.entry("database.dbname", database.name()),
                Map.entry("topic.prefix", name),
                Map.entry("plugin.name", "pgoutput"),
                Map.entry("publication.name", name),
                Map.entry("publication.autocreate.mode", "disabled"),
                Map.entry("slot.name", slot(name)),
                Map.entry("snapshot.mode", "no_data"),
                Map.entry("table.include.list", tables),
                Map.entry("poll.interval.ms", "10"),
                Map.entry("transforms", "outbox"),
                Map.entry("transforms.outbox.type", "io.debezium.transforms.outbox.EventRouter")));
        all.putAll(settings);
        connectors.add(write(name, all));
    }

    /** Server-wide, unlike the name of a connector. */
    private String slot(String name) {
        return database.name() + "_" + name;
    }

    /** Resolves the class path, starts and does not wait. */
    void start() throws IOException, InterruptedException {
        Path worker = write(
                "worker",
                Map.of(
                        "bootstrap.servers",
                        system.stack().kafka().bootstrapServers(),
                        "listeners",
                        "http://127.0.0.1:" + Ports.free(),
                        "plugin.discovery",
                        "service_load",
                        "key.converter",
                        "org.apache.kafka.connect.storage.StringConverter",
                        "value.converter",
                        "org.apache.kafka.connect.storage.StringConverter",
                        "offset.storage.file.filename",
                        owner.path().resolve("offsets").toString()));
        Path contender = Repository.root().resolve("benchmarks/contenders");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + owner.path(),
                "-Dlogback.configurationFile=" + contender.resolve("logback.xml"),
                owner.jvmArgument(),
                "-classpath",
                classPath(contender.resolve("debezium/pom.xml")),
                "org.apache.kafka.connect.cli.ConnectStandalone",
                worker.toString()));
        connectors.forEach(connector -> command.add(connector.toString()));
        log = ServiceProcess.logs().resolve("connect.log");
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        process.getOutputStream().close();
    }

    private String classPath(Path pom) throws IOException, InterruptedException {
        Path file = owner.path().resolve("classpath");
        MavenRun run =
                MavenRun.asThisBuild(pom, "debezium", "-q", "dependency:build-classpath", "-Dmdep.outputFile=" + file);
        if (run.exitCode() != 0) {
            throw new AssertionError("the class path of Debezium cannot be resolved: " + run.output());
        }
        return Files.readString(file).strip();
    }

    private Path write(String name, Map<String, String> settings) throws IOException {
        Path file = owner.path().resolve(name + ".properties");
        Properties properties = new Properties();
        properties.putAll(settings);
        try (Writer out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        }
        return file;
    }

    /** @throws AssertionError with the end of its log when it has ended, or one of its tasks has */
    void requireWorking() {
        try {
            List<String> lines = Files.readAllLines(log);
            if (!process.isAlive() || lines.stream().anyMatch(line -> line.contains("Task threw an uncaught"))) {
                throw new AssertionError("Kafka Connect: "
                        + String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size())));
            }
        } catch (IOException e) {
            throw new AssertionError("Kafka Connect has no log", e);
        }
    }

    /** Its slots must go with it: they would hold the server's log. */
    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
            try {
                process.waitFor(END_LIMIT_S, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        owner.close();
        database.execute("SELECT pg_terminate_backend(active_pid, 10000) FROM pg_replication_slots "
                + "WHERE active AND database = current_database()");
        database.execute(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()");
    }
}
