package dev.doorbell.relay;

import dev.doorbell.service.ConfigException;
import dev.doorbell.service.Environment;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * The command {@code reset-cursor}: sets where publishing goes on, after an outbox was truncated or restored. Rows above
 * the new position are published, again if they were before; rows at or below it never are. It holds the leader's lock
 * while it works and refuses when a relay has it, because that relay would overwrite the cursor.
 */
final class ResetCursor {
    static final String USAGE = "reset-cursor --source NAME --to SEQ";
    static final String DESCRIPTION = "publishes on from above SEQ, after a restore";

    private static final String READ = """
            SELECT published_through,
                   coalesce(pg_sequence_last_value(pg_get_serial_sequence('public.outbox', 'seq')::regclass), 0)
            FROM public.outbox_cursor WHERE outbox = 'outbox'
            """;
    private static final String WRITE = """
            UPDATE public.outbox_cursor
            SET published_through = ?, gap_starts = '{}', gap_ends = '{}', updated_at = now()
            WHERE outbox = 'outbox'
            """;

    private ResetCursor() {}

    static void run(Environment environment, List<String> arguments) {
        String name = option(arguments, "--source");
        long to = position(option(arguments, "--to"));
        List<SourceConfig> sources = RelayConfig.sources(environment);
        environment.check();
        SourceConfig source = sources.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigException("--source names no source of RELAY_SOURCES"));
        try (Connection connection = DriverManager.getConnection(
                source.database().jdbcUrl(),
                source.database().user(),
                source.database().password())) {
            long from = reset(connection, source.name(), to);
            System.out.println("source " + name + ": the cursor was at " + from + ", publishing goes on above " + to);
        } catch (SQLException e) {
            throw new IllegalStateException("source " + name + ": " + e.getMessage(), e);
        }
    }

    private static long reset(Connection connection, String name, long to) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("SELECT pg_try_advisory_lock(?, ?)")) {
            lock.setInt(1, LockSql.LOCK_CLASS);
            lock.setInt(2, LockSql.LEADER);
            try (ResultSet result = lock.executeQuery()) {
                if (!result.next() || !result.getBoolean(1)) {
                    throw new ConfigException("a relay leads source " + name + "; stop it first");
                }
            }
        }
        try (PreparedStatement read = connection.prepareStatement(READ);
                PreparedStatement write = connection.prepareStatement(WRITE);
                ResultSet result = read.executeQuery()) {
            if (!result.next()) {
                throw new ConfigException("source " + name + ": outbox_cursor has no row 'outbox'");
            }
            if (to > result.getLong(2)) {
                throw new ConfigException("--to " + to + " is above the sequence's last value " + result.getLong(2));
            }
            write.setLong(1, to);
            write.executeUpdate();
            return result.getLong(1);
        }
    }

    private static String option(List<String> arguments, String option) {
        int at = arguments.indexOf(option);
        if (arguments.size() != 4 || at < 0 || at % 2 == 1) {
            throw new ConfigException("usage: " + USAGE);
        }
        return arguments.get(at + 1);
    }

    private static long position(String text) {
        try {
            long to = Long.parseLong(text);
            if (to >= 0) {
                return to;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a negative number.
        }
        throw new ConfigException("--to is not a seq: a whole number, 0 or more");
    }
}
