package dev.doorbell.benchmarks.lab;

import dev.doorbell.benchmarks.measure.BenchmarkException;
import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Migrations;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** One database with an outbox as our migrations make it, for one measurement. */
public final class Database {
    private final Lab lab;
    private final String name;

    private Database(Lab lab, String name) {
        this.lab = lab;
        this.name = name;
    }

    public static Database create(Lab lab, String name) {
        return create(lab, name, null);
    }

    /** @param folder of the migrations beside the outbox's, {@code customers} for example; null for none */
    public static Database create(Lab lab, String name, String folder) {
        lab.postgres().createDatabase(name);
        new Migrations(DatabaseUrl.parse(lab.postgres().url(name)), folder).migrate();
        return new Database(lab, name);
    }

    public String name() {
        return name;
    }

    /** With user and password: not for logs. */
    public String url() {
        return lab.postgres().url(name);
    }

    public String jdbcUrl() {
        return lab.postgres().jdbcUrl(name);
    }

    public Connection connect() {
        try {
            return DriverManager.getConnection(jdbcUrl());
        } catch (SQLException e) {
            throw new BenchmarkException("postgresql", e);
        }
    }

    public void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new BenchmarkException("postgresql", e);
        }
    }

    public long number(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            throw new BenchmarkException("postgresql", e);
        }
    }

    /** For those who need no doorbell: it is our relay's cost, and nobody else's. */
    public void dropTrigger() {
        execute("ALTER TABLE outbox DISABLE TRIGGER USER");
    }

    /** Before a measurement, so that none has in it what is left of the warm-up or of the turn before. */
    public void checkpoint() {
        execute("CHECKPOINT");
    }

    /** Frees the disk; whoever is still connected is thrown out. */
    public void drop() {
        try (Connection connection = DriverManager.getConnection(lab.postgres().jdbcUrl("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS \"" + name + "\" WITH (FORCE)");
        } catch (SQLException e) {
            throw new BenchmarkException("postgresql", e);
        }
    }
}
