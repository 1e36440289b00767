package dev.doorbell.benchmarks.lab;

import dev.doorbell.benchmarks.measure.BenchmarkException;
import dev.doorbell.benchmarks.measure.ProcessUsage;
import dev.doorbell.localstack.LocalKafka;
import dev.doorbell.localstack.LocalPostgres;
import dev.doorbell.localstack.LocalStack;
import dev.doorbell.localstack.OwnedDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;

/**
 * The servers of one run and whatever else it starts; closing it ends all of that and deletes its data. PostgreSQL is
 * durable (fsync, synchronous_commit and full_page_writes on); the broker's JVM compiles as one in production does.
 */
public final class Lab implements AutoCloseable {
    private static final long SPACE_MIN_BYTES = 8L << 30;

    private static final Duration RUN_LIMIT = Duration.ofMinutes(15);

    private final LocalStack stack;
    private final OwnedDirectory directory;
    private final Admin admin;
    private final Path root;
    private final Path output;
    private final Consumer<String> progress;
    private final Set<Process> programs = ConcurrentHashMap.newKeySet();
    private int runs;

    private Lab(
            LocalStack stack,
            OwnedDirectory directory,
            Admin admin,
            Path root,
            Path output,
            Consumer<String> progress) {
        this.stack = stack;
        this.directory = directory;
        this.admin = admin;
        this.root = root;
        this.output = output;
        this.progress = progress;
    }

    /**
     * @param root the repository, in whose modules' {@code target} the fat jars lie
     * @param output where logs and results go
     */
    public static Lab open(Path root, Path output, Consumer<String> progress) {
        LocalStack stack = LocalStack.start(
                LocalPostgres.Options.defaults()
                        // Debezium needs it; all others measure under it too, so that all have the same server.
                        .withSetting("wal_level", "logical")
                        // A connector that is held back answers nothing.
                        .withSetting("wal_sender_timeout", "0")
                        .withSetting("shared_buffers", "512MB")
                        .withSetting("max_wal_size", "8GB")
                        .withSetting("checkpoint_timeout", "15min")
                        .withSetting("max_connections", "500")
                        .withSetting("logical_decoding_work_mem", "512MB")
                        .withSpaceMinBytes(SPACE_MIN_BYTES)
                        .withProgress(progress::accept),
                LocalKafka.Options.defaults()
                        .withJvmArgument("-XX:TieredStopAtLevel=4")
                        .withJvmArgument("-Xmx1g")
                        // A broker without a turn on a saturated machine is not dead.
                        .withSetting("broker.session.timeout.ms", "30000")
                        .withSpaceMinBytes(SPACE_MIN_BYTES)
                        .withProgress(progress::accept));
        OwnedDirectory directory = OwnedDirectory.create("benchmarks");
        Admin admin = Admin.create(Map.of("bootstrap.servers", stack.kafka().bootstrapServers()));
        return new Lab(stack, directory, admin, root, output, progress);
    }

    public LocalPostgres postgres() {
        return stack.postgres();
    }

    public LocalKafka kafka() {
        return stack.kafka();
    }

    public Admin admin() {
        return admin;
    }

    /** For files of the run's programs; deleted at the end. */
    public Path scratch() {
        return directory.path();
    }

    public void report(String line) {
        progress.accept(line);
    }

    /** A name for the next database and topic. */
    public String nextName(String what) {
        return "bench-" + ++runs + "-" + what.replaceAll("[^A-Za-z0-9]", "-");
    }

    /** @param module whose fat jar {@code mvn package} has made */
    public Path jar(String module) {
        Path jar = root.resolve(module).resolve("target").resolve(module + ".jar");
        if (Files.notExists(jar)) {
            throw new BenchmarkException(jar + " is missing; it is made by: mvn package -pl " + module + " -am");
        }
        return jar;
    }

    public Path root() {
        return root;
    }

    /** An argument for JVMs with logback that come without settings: it would write every DEBUG line, and be measured. */
    public String quietLogging() {
        return "-Dlogback.configurationFile=" + root.resolve("benchmarks/contenders/logback.xml");
    }

    /** Starts a program; the caller closes it, and at the latest the end of this lab does. */
    public ChildJvm start(String name, Map<String, String> environment, List<String> javaArguments) {
        return start(name, name + ".log", environment, javaArguments);
    }

    /** Runs a program to its end and returns the lines that it printed. */
    public List<String> run(String name, Map<String, String> environment, List<String> javaArguments) {
        return start(name, nextName(name) + ".log", environment, javaArguments).output(RUN_LIMIT);
    }

    private ChildJvm start(String name, String logName, Map<String, String> environment, List<String> javaArguments) {
        try {
            Path logs = Files.createDirectories(output.resolve("logs"));
            return ChildJvm.start(name, directory, logs.resolve(logName), environment, javaArguments);
        } catch (IOException e) {
            throw new BenchmarkException("the directory for logs cannot be made", e);
        }
    }

    /** Runs a program that is no JVM to its end; ended with this lab at the latest. Returns the lines that it printed. */
    public List<String> runProgram(String name, Map<String, String> environment, List<String> command) {
        return Program.run(name, environment, command, programs, RUN_LIMIT);
    }

    /** CPU seconds of PostgreSQL, all its processes, since its start; 0 where the system tells none. */
    public double postgresCpuSeconds() {
        return new ProcessUsage().cpuSecondsWithChildren(postgres().pid()).orElse(0);
    }

    /** CPU seconds of the broker since its start; 0 where the system tells none. */
    public double kafkaCpuSeconds() {
        return new ProcessUsage().cpuSeconds(kafka().pid()).orElse(0);
    }

    @Override
    public void close() {
        // The programs before the servers that they are connected to.
        programs.forEach(Process::destroyForcibly);
        directory.close();
        admin.close(Duration.ZERO);
        stack.close();
    }
}
