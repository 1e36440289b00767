package dev.doorbell.localstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A Keycloak 26 server in a child JVM with a heap of 384 MiB, on the loopback interface only, with its own H2 database,
 * which survives a kill. The first start of a user takes a minute or two, since the distribution is unpacked and built;
 * later ones some 10 s. Every error is a {@link LocalStackException}.
 *
 * <p>Ephemeral unless {@link Options#withDirectory} names a directory: then realms and users survive, and a second start
 * on the directory finds them; the issuer of tokens changes with the port. Its log is {@code keycloak.log} in the
 * directory, which Keycloak itself keeps small. Ends with this JVM at the latest, however that ends.
 */
public final class LocalKeycloak implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(180);
    private static final int PORT_ATTEMPTS = 3;

    private final Options options;
    private final Home home;
    private final KeycloakDistribution distribution;
    private volatile int port;
    private volatile KeycloakProcess server;

    private LocalKeycloak(Options options, Home home, KeycloakDistribution distribution) {
        this.options = options;
        this.home = home;
        this.distribution = distribution;
    }

    /** Starts a server and returns when it is ready and has its realms. */
    public static LocalKeycloak start(Options options) {
        long startedAt = System.nanoTime();
        Progress progress = options.progress();
        KeycloakDistribution distribution = KeycloakDistribution.prepare(PostgresBinaries.cacheDirectory(), progress);
        Home home = Home.open("keycloak", options.directory(), options.spaceMinBytes(), path -> List.of());
        LocalKeycloak keycloak = new LocalKeycloak(options, home, distribution);
        try {
            // Only now: opening a kept directory has ended what an earlier run left on the port.
            if (options.port() != 0) {
                Ports.requireFree("keycloak", options.port());
            }
            distribution.copyTemplate(home.path());
            keycloak.startOnSomePort();
            for (String realm : options.realms()) {
                keycloak.importRealm(realm);
            }
            progress.report(String.format(
                    Locale.ROOT,
                    "keycloak: ready on port %d in %.1f s",
                    keycloak.port,
                    (System.nanoTime() - startedAt) / 1e9));
            return keycloak;
        } catch (IOException e) {
            keycloak.close();
            throw new LocalStackException("keycloak: " + LocalStackException.describe(e), e);
        } catch (RuntimeException | Error e) {
            keycloak.close();
            throw e;
        }
    }

    private void startOnSomePort() {
        for (int attempt = 1; ; attempt++) {
            port = options.port() == 0 ? Ports.free() : options.port();
            options.progress().report("keycloak: starting on port " + port);
            try {
                startAgain();
                return;
            } catch (LocalStackException e) {
                endServer();
                // Between the choice of a free port and its use somebody else may have taken it.
                if (options.port() != 0 || attempt == PORT_ATTEMPTS || Ports.isFree(port)) {
                    throw e;
                }
            }
        }
    }

    /** Where the data is not kept there is nothing to write out. */
    private void endServer() {
        if (server != null && home.ephemeral()) {
            server.kill();
        } else if (server != null) {
            server.stop();
        }
    }

    /** Starts again on the same port and data after {@link #stop} or {@link #kill}; returns when it is ready. */
    public synchronized void startAgain() {
        if (server != null && server.isAlive()) {
            throw new LocalStackException("keycloak: the server is running already");
        }
        int advertised = options.advertisedPort() == 0 ? port : options.advertisedPort();
        try {
            server = KeycloakProcess.start(
                    distribution.home(),
                    home.path(),
                    options.jvmArguments(),
                    Map.of(),
                    KeycloakSettings.start(home.path(), port, advertised, true));
        } catch (IOException e) {
            throw new LocalStackException("keycloak: no JVM could be started: " + LocalStackException.describe(e), e);
        }
        server.awaitReady(http()::isReady, START_LIMIT);
    }

    /** By the server's own port: the proxy before the advertised one may not run yet, or be there to refuse. */
    private KeycloakHttp http() {
        return new KeycloakHttp("http://127.0.0.1:" + port);
    }

    /**
     * Imports a realm, unless one of its name is there.
     *
     * @param json the realm's representation
     */
    public void importRealm(String json) {
        http().importRealm(json, adminUser(), adminPassword());
    }

    /** The port that the server listens on, whatever port it advertises. */
    public int port() {
        return port;
    }

    /** {@code http://127.0.0.1:port}, of the advertised port if one was given; issuers begin with it. */
    public String url() {
        return "http://127.0.0.1:" + (options.advertisedPort() == 0 ? port : options.advertisedPort());
    }

    /** Of the realm master. */
    public String adminUser() {
        return KeycloakDistribution.ADMINISTRATOR;
    }

    public String adminPassword() {
        try {
            return Files.readString(home.path().resolve("password")).trim();
        } catch (IOException e) {
            throw new LocalStackException("keycloak: " + LocalStackException.describe(e), e);
        }
    }

    /** The server's process id, also after its end. */
    public long pid() {
        return server.pid();
    }

    /** Stops the server in order. Data and port stay. */
    public synchronized void stop() {
        server.stop();
    }

    /** Kills the server with SIGKILL and waits for its end. Data and port stay. */
    public synchronized void kill() {
        server.kill();
    }

    /** Stops the server and deletes its directory if it is ephemeral. Does nothing the second time. */
    @Override
    public synchronized void close() {
        endServer();
        home.close();
    }

    /** The directory that holds data, log and the administrator's password. */
    public Path directory() {
        return home.path();
    }

    /**
     * How to start; immutable, each {@code with} returns a changed copy.
     *
     * @param port where the server listens; 0 for a free port
     * @param advertisedPort the port in the issuer of tokens, that of a proxy; 0 for the server's own
     * @param directory the directory to keep the data in; null for an ephemeral one
     * @param realms representations in JSON, imported when the server is ready unless they are there
     * @param jvmArguments further arguments of the server's JVM; they win over ours
     * @param spaceMinBytes refuse to start with less usable disk space than this
     */
    public record Options(
            int port,
            int advertisedPort,
            Path directory,
            List<String> realms,
            List<String> jvmArguments,
            long spaceMinBytes,
            Progress progress) {
        private static final long SPACE_MIN_BYTES = 512L * 1024 * 1024;

        public Options {
            Ports.check(port);
            Ports.check(advertisedPort);
            realms = List.copyOf(realms);
            jvmArguments = List.copyOf(jvmArguments);
            Objects.requireNonNull(progress, "progress");
        }

        public static Options defaults() {
            return new Options(0, 0, null, List.of(), List.of(), SPACE_MIN_BYTES, Progress.none());
        }

        public Options withPort(int newPort) {
            return new Options(newPort, advertisedPort, directory, realms, jvmArguments, spaceMinBytes, progress);
        }

        public Options withAdvertisedPort(int newAdvertisedPort) {
            return new Options(port, newAdvertisedPort, directory, realms, jvmArguments, spaceMinBytes, progress);
        }

        public Options withDirectory(Path newDirectory) {
            return new Options(port, advertisedPort, newDirectory, realms, jvmArguments, spaceMinBytes, progress);
        }

        /** Adds a realm to import. */
        public Options withRealm(String json) {
            List<String> more = new ArrayList<>(realms);
            more.add(json);
            return new Options(port, advertisedPort, directory, more, jvmArguments, spaceMinBytes, progress);
        }

        /** Adds an argument of the server's JVM. */
        public Options withJvmArgument(String argument) {
            List<String> more = new ArrayList<>(jvmArguments);
            more.add(argument);
            return new Options(port, advertisedPort, directory, realms, more, spaceMinBytes, progress);
        }

        public Options withSpaceMinBytes(long newSpaceMinBytes) {
            return new Options(port, advertisedPort, directory, realms, jvmArguments, newSpaceMinBytes, progress);
        }

        public Options withProgress(Progress newProgress) {
            return new Options(port, advertisedPort, directory, realms, jvmArguments, spaceMinBytes, newProgress);
        }
    }
}
