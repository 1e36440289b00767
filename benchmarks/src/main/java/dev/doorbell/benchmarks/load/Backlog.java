package dev.doorbell.benchmarks.load;

import dev.doorbell.benchmarks.contender.Rows;
import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.measure.BenchmarkException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Rows that are there before anybody reads them, written by PostgreSQL itself. */
public final class Backlog {
    private static final long ROWS_PER_STATEMENT = 10_000;

    private Backlog() {}

    /**
     * Writes the events from number {@code first} on.
     *
     * @param atOnce in one transaction; otherwise in transactions of 10,000
     */
    public static void write(Database database, Rows rows, long first, long count, boolean atOnce) {
        try (Connection connection = database.connect();
                PreparedStatement fill = connection.prepareStatement(rows.fill())) {
            connection.setAutoCommit(!atOnce);
            for (long from = first; from < first + count; from += ROWS_PER_STATEMENT) {
                fill.setLong(1, from);
                fill.setLong(2, Math.min(from + ROWS_PER_STATEMENT, first + count) - 1);
                fill.executeUpdate();
            }
            if (atOnce) {
                connection.commit();
            }
        } catch (SQLException e) {
            throw new BenchmarkException("writing a backlog", e);
        }
    }
}
