package dev.doorbell.system.harness;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Supplier;

/** Makes every statement that writes a table wait; readers go on. */
public final class TableLock {
    private TableLock() {}

    /**
     * Runs {@code work} while the table is locked.
     *
     * @param databaseUrl as the services get it
     */
    public static <T> T hold(String databaseUrl, String table, Supplier<T> work) {
        URI url = URI.create(databaseUrl);
        String[] user = url.getUserInfo().split(":", 2);
        String jdbcUrl = "jdbc:postgresql://" + url.getHost() + ":" + url.getPort() + url.getPath();
        try (Connection connection = DriverManager.getConnection(jdbcUrl, user[0], user[1]);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE " + table + " IN SHARE MODE");
            return work.get();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
