package dev.doorbell.benchmarks.load;

import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.measure.BenchmarkException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Counts what the writers' trigger rings, by a LISTEN session of its own. */
public final class Notifications implements AutoCloseable {
    private static final String CHANNEL = "outbox";
    private static final int WAIT_MS = 200;

    private final Connection connection;
    private final Thread thread;
    private volatile boolean closed;
    private volatile long count;

    public Notifications(Database database) {
        connection = database.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN " + CHANNEL);
        } catch (SQLException e) {
            throw new BenchmarkException("LISTEN", e);
        }
        thread = new Thread(this::receive, "notifications");
        thread.setDaemon(true);
        thread.start();
    }

    private void receive() {
        long received = 0;
        try {
            PGConnection listening = connection.unwrap(PGConnection.class);
            while (!closed) {
                PGNotification[] notifications = listening.getNotifications(WAIT_MS);
                received += notifications == null ? 0 : notifications.length;
                count = received;
            }
        } catch (SQLException gone) {
            closed = true;
        }
    }

    /** Up to now, or to a fifth of a second ago. */
    public long count() {
        return count;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
            connection.close();
        } catch (SQLException closing) {
            // Its database goes with it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
