package dev.doorbell.benchmarks.scenario;

import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.measure.BenchmarkException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A transaction with a snapshot, as a long report or a backup has one: no row that dies meanwhile can be removed. */
final class HeldSnapshot implements AutoCloseable {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Connection connection;
    private final long openedAt = System.nanoTime();

    private HeldSnapshot(Connection connection) {
        this.connection = connection;
    }

    static HeldSnapshot open(Database database) {
        Connection connection = database.connect();
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.executeQuery("SELECT count(*) FROM pg_class");
            return new HeldSnapshot(connection);
        } catch (SQLException e) {
            throw new BenchmarkException("holding a snapshot", e);
        }
    }

    double seconds() {
        return (System.nanoTime() - openedAt) / NANOS_PER_SECOND;
    }

    @Override
    public void close() {
        try {
            connection.rollback();
            connection.close();
        } catch (SQLException e) {
            throw new BenchmarkException("the snapshot was not held to the end", e);
        }
    }
}
