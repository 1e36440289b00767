package dev.doorbell.localstack;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A PostgreSQL 18 server as a child process, on the loopback interface only, with fsync, synchronous_commit and
 * full_page_writes on and scram-sha-256 authentication. Every error is a {@link LocalStackException}.
 *
 * <p>Ephemeral unless {@link Options#withDirectory} names a directory: then data and password survive, and a second start
 * on the directory finds them, on any port. Ends with this JVM at the latest, however that ends.
 */
public final class LocalPostgres implements AutoCloseable {
    private static final int PORT_ATTEMPTS = 3;
    private static final String USER = "postgres";
    private static final String DUPLICATE_DATABASE = "42P04";
    private static final String UNIQUE_VIOLATION = "23505";

    private final Options options;
    private final Home home;
    private final PostgresServer server;
    private final String password;
    private volatile int port;

    private LocalPostgres(Options options, Home home, PostgresServer server, String password) {
        this.options = options;
        this.home = home;
        this.server = server;
        this.password = password;
    }

    /** Starts a server and returns when it has answered a query. */
    public static LocalPostgres start(Options options) {
        long startedAt = System.nanoTime();
        Progress progress = options.progress();
        Path binaries = PostgresBinaries.prepare(Platform.current(), PostgresBinaries.cacheDirectory(), progress);
        boolean ephemeral = options.directory() == null;
        Home home = Home.open(
                "postgresql",
                options.directory(),
                options.spaceMinBytes(),
                path -> PostgresServer.stopCommand(binaries, path, ephemeral));
        try {
            // Only now: opening a kept directory has ended what an earlier run left on the port.
            if (options.port() != 0) {
                Ports.requireFree("postgresql", options.port());
            }
            PostgresServer server = new PostgresServer(home, binaries);
            progress.report("postgresql: preparing the data directory " + home.path());
            LocalPostgres postgres = new LocalPostgres(options, home, server, server.initialise());
            postgres.startOnSomePort();
            progress.report(String.format(
                    Locale.ROOT,
                    "postgresql: ready on port %d in %.1f s",
                    postgres.port,
                    (System.nanoTime() - startedAt) / 1e9));
            return postgres;
        } catch (IOException e) {
            home.close();
            throw new LocalStackException("postgresql: " + LocalStackException.describe(e), e);
        } catch (RuntimeException | Error e) {
            home.close();
            throw e;
        }
    }

    private void startOnSomePort() throws IOException {
        for (int attempt = 1; ; attempt++) {
            port = options.port() == 0 ? Ports.free() : options.port();
            options.progress().report("postgresql: starting on port " + port);
            try {
                server.start(port, options.settings());
                requireAnswer();
                return;
            } catch (LocalStackException e) {
                // Between the choice of a free port and its use somebody else may have taken it.
                if (options.port() != 0 || attempt == PORT_ATTEMPTS || Ports.isFree(port)) {
                    throw e;
                }
            }
        }
    }

    private void requireAnswer() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT 1")) {
            result.next();
        } catch (SQLException e) {
            throw new LocalStackException(
                    "postgresql: no answer on port " + port + ": " + LocalStackException.describe(e), e);
        }
    }

    public int port() {
        return port;
    }

    public String user() {
        return USER;
    }

    public String password() {
        return password;
    }

    /** {@code postgresql://user:password@127.0.0.1:port/database}. Holds the password: not for logs. */
    public String url(String database) {
        return "postgresql://" + USER + ":" + password + "@127.0.0.1:" + port() + "/" + checkName(database);
    }

    /** For java.sql, with user and password in it: not for logs. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + checkName(database) + "?user=" + USER + "&password="
                + password;
    }

    /** Creates the database unless it is there. Letters, digits, {@code _} and {@code -}, at most 63 characters. */
    public void createDatabase(String name) {
        checkName(name);
        try (Connection connection = connect()) {
            if (exists(connection, name)) {
                return;
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE \"" + name + "\"");
            }
        } catch (SQLException e) {
            // Two at once: the loser has its database as well.
            if (!DUPLICATE_DATABASE.equals(e.getSQLState()) && !UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw new LocalStackException(
                        "postgresql: database " + name + " cannot be created: " + LocalStackException.describe(e), e);
            }
        }
    }

    private static boolean exists(Connection connection, String name) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT 1 FROM pg_database WHERE datname = ?")) {
            query.setString(1, name);
            try (ResultSet result = query.executeQuery()) {
                return result.next();
            }
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl("postgres"));
    }

    private static String checkName(String database) {
        if (!database.matches("[A-Za-z0-9_-]{1,63}")) {
            throw new IllegalArgumentException("not the name of a database: " + database);
        }
        return database;
    }

    /** The postmaster's process id. Throws when it is not running. */
    public long pid() {
        return server.pid();
    }

    /** Stops the server in order ("fast": open transactions are rolled back). Data and port stay. */
    public synchronized void stop() {
        run(server::stop);
    }

    /** Kills the postmaster and all its processes with SIGKILL and waits for their end. Data and port stay. */
    public synchronized void kill() {
        run(server::kill);
    }

    /** Starts again on the same port and data after {@link #stop} or {@link #kill}; returns when it answers. */
    public synchronized void startAgain() {
        run(() -> server.start(port, options.settings()));
        requireAnswer();
    }

    private interface Action {
        void run() throws IOException;
    }

    private static void run(Action action) {
        try {
            action.run();
        } catch (IOException e) {
            throw new LocalStackException("postgresql: " + LocalStackException.describe(e), e);
        }
    }

    /** {@link #stop} and {@link #startAgain}. */
    public synchronized void restart() {
        stop();
        startAgain();
    }

    /** Stops the server and deletes its directory if it is ephemeral. Does nothing the second time. */
    @Override
    public synchronized void close() {
        home.close();
    }

    /** The directory that holds data, log and password. */
    public Path directory() {
        return home.path();
    }

    /**
     * How to start; immutable, each {@code with} returns a changed copy.
     *
     * @param port the port; 0 for a free one
     * @param directory the directory to keep the data in; null for an ephemeral one
     * @param settings further settings of postgresql.conf; they win over ours
     * @param spaceMinBytes refuse to start with less usable disk space than this
     */
    public record Options(
            int port, Path directory, Map<String, String> settings, long spaceMinBytes, Progress progress) {
        private static final long SPACE_MIN_BYTES = 512L * 1024 * 1024;

        public Options {
            Ports.check(port);
            settings = Map.copyOf(settings);
            settings.keySet().forEach(PostgresSettings::check);
            Objects.requireNonNull(progress, "progress");
        }

        public static Options defaults() {
            return new Options(0, null, Map.of(), SPACE_MIN_BYTES, Progress.none());
        }

        public Options withPort(int newPort) {
            return new Options(newPort, directory, settings, spaceMinBytes, progress);
        }

        public Options withDirectory(Path newDirectory) {
            return new Options(port, newDirectory, settings, spaceMinBytes, progress);
        }

        /** Sets one more setting of postgresql.conf, {@code max_prepared_transactions} for example. */
        public Options withSetting(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(settings);
            more.put(name, value);
            return new Options(port, directory, more, spaceMinBytes, progress);
        }

        public Options withSpaceMinBytes(long newSpaceMinBytes) {
            return new Options(port, directory, settings, newSpaceMinBytes, progress);
        }

        public Options withProgress(Progress newProgress) {
            return new Options(port, directory, settings, spaceMinBytes, newProgress);
        }
    }
}
