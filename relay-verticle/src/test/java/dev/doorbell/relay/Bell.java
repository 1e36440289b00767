package dev.doorbell.relay;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Listens beside the relay and counts how often writers ring. */
final class Bell implements AutoCloseable {
    /** Not the relay's: the mark must wake nobody. */
    private static final String MARK = "mark";

    private final TestSource source;
    private final Connection connection;
    private int rung;

    Bell(TestSource source) throws SQLException {
        this.source = source;
        this.connection = source.connect();
        TestSource.execute(connection, "LISTEN " + OutboxSql.CHANNEL);
        TestSource.execute(connection, "LISTEN " + MARK);
    }

    /** Rings of every writer that has committed before this call: notifications arrive in the order of commits. */
    int rung() throws SQLException {
        source.execute("NOTIFY " + MARK);
        await("the mark behind the rings").atMost(Duration.ofSeconds(10)).until(this::takeThroughMark);
        return rung;
    }

    private boolean takeThroughMark() throws SQLException {
        boolean marked = false;
        for (PGNotification notification : connection.unwrap(PGConnection.class).getNotifications(100)) {
            boolean mark = notification.getName().equals(MARK);
            marked |= mark;
            rung += mark || notification.getParameter().equals(Doze.BY_TEST) ? 0 : 1;
        }
        return marked;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
