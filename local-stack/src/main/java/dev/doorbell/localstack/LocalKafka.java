package dev.doorbell.localstack;

import dev.doorbell.localstack.KafkaSettings.KafkaPorts;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/**
 * An Apache Kafka broker (one KRaft node) in a child JVM on this JVM's class path, on the loopback interface only. Topics
 * are not created automatically. Every error is a {@link LocalStackException}.
 *
 * <p>Ephemeral unless {@link Options#withDirectory} names a directory: then topics, records and offsets survive, and a
 * second start on the directory finds them, on any port. Its log is {@code broker.log} in the directory, at most 40 MiB
 * with its old files, if logback is on the class path. Ends with this JVM at the latest, however that ends.
 */
public final class LocalKafka implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final int ANSWER_LIMIT_SECONDS = 30;
    private static final int PORT_ATTEMPTS = 3;

    private final Options options;
    private final Home home;
    private volatile KafkaPorts ports;
    private volatile BrokerProcess broker;

    private LocalKafka(Options options, Home home) {
        this.options = options;
        this.home = home;
    }

    /** Starts a broker and returns when it has answered an admin client. */
    public static LocalKafka start(Options options) {
        long startedAt = System.nanoTime();
        Home home = Home.open("kafka", options.directory(), options.spaceMinBytes(), path -> List.of());
        LocalKafka kafka = new LocalKafka(options, home);
        try {
            // Only now: opening a kept directory has ended what an earlier run left on the port.
            if (options.port() != 0) {
                Ports.requireFree("kafka", options.port());
            }
            kafka.startOnSomePort();
            options.progress()
                    .report(String.format(
                            Locale.ROOT,
                            "kafka: ready on port %d in %.1f s",
                            kafka.ports.client(),
                            (System.nanoTime() - startedAt) / 1e9));
            return kafka;
        } catch (RuntimeException | Error e) {
            kafka.close();
            throw e;
        }
    }

    private void startOnSomePort() {
        for (int attempt = 1; ; attempt++) {
            ports = choosePorts();
            options.progress().report("kafka: starting on port " + ports.client());
            try {
                startAgain();
                return;
            } catch (LocalStackException e) {
                endBroker();
                // Between the choice of a free port and its use somebody else may have taken it.
                boolean lostPort = !Ports.isFree(ports.client())
                        || !Ports.isFree(ports.internal())
                        || !Ports.isFree(ports.controller());
                if (attempt == PORT_ATTEMPTS || !lostPort) {
                    throw e;
                }
            }
        }
    }

    /** Where the data is not kept there is nothing to write out. */
    private void endBroker() {
        if (broker != null && home.ephemeral()) {
            broker.kill();
        } else if (broker != null) {
            broker.stop();
        }
    }

    private KafkaPorts choosePorts() {
        int client = options.port() == 0 ? Ports.free() : options.port();
        int internal = Ports.freeExcept(client);
        int controller = Ports.freeExcept(client, internal);
        return new KafkaPorts(
                client, options.advertisedPort() == 0 ? client : options.advertisedPort(), internal, controller);
    }

    /** Starts again on the same port and data after {@link #stop} or {@link #kill}; returns when it answers. */
    public synchronized void startAgain() {
        if (broker != null && broker.isAlive()) {
            throw new LocalStackException("kafka: the broker is running already");
        }
        try (Writer file = Files.newBufferedWriter(home.path().resolve("server.properties"))) {
            KafkaSettings.render(home.path().resolve("data"), ports, options.listeners(), options.settings())
                    .store(file, "Written by local-stack at each start.");
        } catch (IOException e) {
            throw new LocalStackException("kafka: " + LocalStackException.describe(e), e);
        }
        try {
            broker = BrokerProcess.start(home.path(), options.jvmArguments());
        } catch (IOException e) {
            throw new LocalStackException("kafka: no JVM could be started: " + LocalStackException.describe(e), e);
        }
        broker.awaitStarted(START_LIMIT);
        requireAnswer();
    }

    /** By the internal listener: the proxy before the client's may not run yet, or be there to refuse. */
    private void requireAnswer() {
        Map<String, Object> client =
                Map.of("bootstrap.servers", "127.0.0.1:" + ports.internal(), "retry.backoff.ms", 50);
        try (Admin admin = Admin.create(client)) {
            admin.describeCluster().nodes().get(ANSWER_LIMIT_SECONDS, TimeUnit.SECONDS);
            admin.listTopics().names().get(ANSWER_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new LocalStackException(
                    "kafka: the broker does not answer on port " + ports.internal() + ": "
                            + LocalStackException.describe(e),
                    e);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LocalStackException("kafka: interrupted while waiting for the broker's answer", interrupted);
        }
    }

    /** The port that the broker listens on, whatever port it advertises. */
    public int port() {
        return ports.client();
    }

    /** {@code 127.0.0.1:port}, of the advertised port if one was given. */
    public String bootstrapServers() {
        return "127.0.0.1:" + ports.advertised();
    }

    /** The broker's process id, also after its end. */
    public long pid() {
        return broker.pid();
    }

    /** Stops the broker in order. Data and port stay. */
    public synchronized void stop() {
        broker.stop();
    }

    /** Kills the broker with SIGKILL and waits for its end. Data and port stay. */
    public synchronized void kill() {
        broker.kill();
    }

    /** {@link #stop} and {@link #startAgain}. */
    public synchronized void restart() {
        stop();
        startAgain();
    }

    /** Stops the broker and deletes its directory if it is ephemeral. Does nothing the second time. */
    @Override
    public synchronized void close() {
        endBroker();
        home.close();
    }

    /** The directory that holds data, settings and log. */
    public Path directory() {
        return home.path();
    }

    /**
     * One more listener for clients.
     *
     * @param port where the broker listens
     * @param advertisedPort the port that its clients are told to connect to
     */
    public record Listener(int port, int advertisedPort) {
        public Listener {
            Ports.check(port);
            Ports.check(advertisedPort);
        }
    }

    /**
     * How to start; immutable, each {@code with} returns a changed copy.
     *
     * @param port the port; 0 for a free one
     * @param advertisedPort the port that clients are told to connect to, a proxy's for example; 0 for the port itself
     * @param listeners further ones for clients, each with an advertised port of its own
     * @param directory the directory to keep the data in; null for an ephemeral one
     * @param settings further settings of server.properties; they win over ours
     * @param jvmArguments further arguments of the broker's JVM; they win over ours
     * @param spaceMinBytes refuse to start with less usable disk space than this
     */
    public record Options(
            int port,
            int advertisedPort,
            List<Listener> listeners,
            Path directory,
            Map<String, String> settings,
            List<String> jvmArguments,
            long spaceMinBytes,
            Progress progress) {
        private static final long SPACE_MIN_BYTES = 512L * 1024 * 1024;

        public Options {
            Ports.check(port);
            Ports.check(advertisedPort);
            listeners = List.copyOf(listeners);
            settings = Map.copyOf(settings);
            jvmArguments = List.copyOf(jvmArguments);
            Objects.requireNonNull(progress, "progress");
        }

        public static Options defaults() {
            return new Options(0, 0, List.of(), null, Map.of(), List.of(), SPACE_MIN_BYTES, Progress.none());
        }

        public Options withPort(int newPort) {
            return new Options(
                    newPort, advertisedPort, listeners, directory, settings, jvmArguments, spaceMinBytes, progress);
        }

        public Options withAdvertisedPort(int newAdvertisedPort) {
            return new Options(
                    port, newAdvertisedPort, listeners, directory, settings, jvmArguments, spaceMinBytes, progress);
        }

        /**
         * Adds a listener whose clients are told a port of their own, so that each client can have its own proxy: what a
         * broker tells its clients overrides the address that they began with.
         */
        public Options withListener(int listenerPort, int listenerAdvertisedPort) {
            List<Listener> more = new ArrayList<>(listeners);
            more.add(new Listener(listenerPort, listenerAdvertisedPort));
            return new Options(port, advertisedPort, more, directory, settings, jvmArguments, spaceMinBytes, progress);
        }

        public Options withDirectory(Path newDirectory) {
            return new Options(
                    port, advertisedPort, listeners, newDirectory, settings, jvmArguments, spaceMinBytes, progress);
        }

        /** Sets one more setting of server.properties. */
        public Options withSetting(String key, String value) {
            Map<String, String> more = new LinkedHashMap<>(settings);
            more.put(key, value);
            return new Options(port, advertisedPort, listeners, directory, more, jvmArguments, spaceMinBytes, progress);
        }

        /**
         * Adds an argument of the broker's JVM. Ours are a heap of 512 MiB and the first compiler only, which starts in
         * half the CPU time; where throughput is measured, {@code -XX:TieredStopAtLevel=4} brings the second one back.
         */
        public Options withJvmArgument(String argument) {
            List<String> more = new ArrayList<>(jvmArguments);
            more.add(argument);
            return new Options(port, advertisedPort, listeners, directory, settings, more, spaceMinBytes, progress);
        }

        public Options withSpaceMinBytes(long newSpaceMinBytes) {
            return new Options(
                    port, advertisedPort, listeners, directory, settings, jvmArguments, newSpaceMinBytes, progress);
        }

        public Options withProgress(Progress newProgress) {
            return new Options(
                    port, advertisedPort, listeners, directory, settings, jvmArguments, spaceMinBytes, newProgress);
        }
    }
}
