package dev.doorbell.relay;

import dev.doorbell.service.ConfigException;
import dev.doorbell.service.Environment;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * The command {@code reset-cursor}: sets where publishing goes on, after an outbox was truncated or restored. Rows above
 * the new position are published, again if they were before; rows at or below it never are.
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
        String name = StoppedSource.option(arguments, "--source", 2, USAGE);
        long to = position(StoppedSource.option(arguments, "--to", 2, USAGE));
        StoppedSource.change(
                environment, name, (connection, source) -> reset(connection, SourceSql.of(source.table()), to));
    }

    private static String reset(Connection connection, SourceSql sql, long to) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(sql.fill(READ));
                PreparedStatement write = connection.prepareStatement(sql.fill(WRITE));
                ResultSet result = read.executeQuery()) {
            if (!result.next()) {
                throw new ConfigException(sql.noCursor());
            }
            if (to > result.getLong(2)) {
                throw new ConfigException("--to " + to + " is above the sequence's last value " + result.getLong(2));
            }
            write.setLong(1, to);
            write.executeUpdate();
            return "the cursor was at " + result.getLong(1) + ", publishing goes on above " + to;
        }
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
