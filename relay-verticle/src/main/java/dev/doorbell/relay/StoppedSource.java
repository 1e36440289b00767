package dev.doorbell.relay;

import dev.doorbell.service.ConfigException;
import dev.doorbell.service.Environment;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * What a command does to a source that no relay leads. It holds the leader's lock meanwhile and refuses when a relay has
 * it, because that relay goes by what it has in memory.
 */
final class StoppedSource {
    /** A relay that refuses the source takes the lock for a moment every few seconds: one try could meet it. */
    private static final int TRIES = 20;

    private StoppedSource() {}

    /** What is done on the connection, in its transaction; returns the line to print. */
    @FunctionalInterface
    interface Work {
        String run(Connection connection, SourceConfig source) throws SQLException;
    }

    /** @throws ConfigException for a source that is not configured or that a relay leads */
    static void change(Environment environment, String name, Work work) {
        List<SourceConfig> sources = RelayConfig.sources(environment);
        environment.check();
        SourceConfig source = find(sources, name);
        try (Connection connection = source.database().connect()) {
            lock(connection, name, LockSql.key(source.table().text()));
            connection.setAutoCommit(false);
            String done = work.run(connection, source);
            connection.commit();
            System.out.println("source " + name + ": " + done);
        } catch (SQLException e) {
            throw new IllegalStateException("source " + name + ": " + e.getMessage(), e);
        }
    }

    /** @throws ConfigException when there is none of this name */
    static SourceConfig find(List<SourceConfig> sources, String name) {
        return sources.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigException("--source names no source of RELAY_SOURCES"));
    }

    private static void lock(Connection connection, String name, int key) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("SELECT pg_try_advisory_lock(?, ?)");
                Statement pause = connection.createStatement()) {
            lock.setInt(1, LockSql.LEADER);
            lock.setInt(2, key);
            for (int i = 0; i < TRIES; i++) {
                try (ResultSet result = lock.executeQuery()) {
                    if (result.next() && result.getBoolean(1)) {
                        return;
                    }
                }
                pause.execute("SELECT pg_sleep(0.1)");
            }
        }
        throw new ConfigException("a relay leads source " + name + "; stop it first");
    }

    /** The value behind {@code option}, of arguments that are {@code count} options with a value each. */
    static String option(List<String> arguments, String option, int count, String usage) {
        int at = arguments.indexOf(option);
        if (arguments.size() != 2 * count || at < 0 || at % 2 == 1) {
            throw new ConfigException("usage: " + usage);
        }
        return arguments.get(at + 1);
    }
}
