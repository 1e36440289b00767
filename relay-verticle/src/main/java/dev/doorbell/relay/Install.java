package dev.doorbell.relay;

import dev.doorbell.service.ConfigException;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Migrations;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The command {@code install}: adds to somebody else's outbox table what the relay needs of it, after showing it. Without
 * {@code --yes} it changes nothing.
 */
final class Install {
    static final String USAGE = "install --source NAME --publish-existing true|false [--yes]";
    static final String DESCRIPTION = "prepares an existing outbox table; prints the SQL, runs it with --yes";

    /** Why the table cannot serve one kind of application, which nothing in the database gives away. */
    private static final String WARNING = """
            -- An application that deletes the row in the transaction that wrote it cannot be served: nobody but a reader of
            -- the log ever sees such a row. Let it insert only; rows leave by the relay's retention where %s
            -- is mapped to a column, else by a job of your own, below published_through of %s.outbox_cursor.
            """;

    private static final String REWRITE = """
            -- Adding the column rewrites the table under an ACCESS EXCLUSIVE lock: nobody reads or writes it meanwhile.
            -- The rows there are numbered as they lie in the table, not by time. Remove old ones before.
            """;

    /** Flyway does the first two by itself. */
    private static final String MIGRATIONS = """
            -- Our own tables and functions, run by Flyway, a migration a transaction; it keeps its history in
            -- %1$s.outbox_schema_history.
            CREATE SCHEMA IF NOT EXISTS "%1$s";
            SET search_path = "%1$s";
            """;

    private final SourceConfig source;
    private final boolean publishExisting;

    private Install(SourceConfig source, boolean publishExisting) {
        this.source = source;
        this.publishExisting = publishExisting;
    }

    static void run(Environment environment, List<String> arguments) {
        boolean yes = arguments.contains("--yes");
        Map<String, String> options = options(
                arguments.stream().filter(argument -> !argument.equals("--yes")).toList());
        List<SourceConfig> sources = RelayConfig.sources(environment);
        environment.check();
        SourceConfig source = StoppedSource.find(sources, options.get("--source"));
        if (source.table().ours()) {
            throw new ConfigException("source " + source.name() + " has the outbox that migrate makes; run that");
        }
        new Install(source, Boolean.parseBoolean(options.get("--publish-existing"))).run(yes);
    }

    private static Map<String, String> options(List<String> arguments) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < arguments.size(); i += 2) {
            options.put(arguments.get(i), arguments.get(i + 1));
        }
        if (arguments.size() != 4
                || !options.containsKey("--source")
                || !List.of("true", "false").contains(String.valueOf(options.get("--publish-existing")))) {
            throw new ConfigException("usage: " + USAGE + "; false: the rows that are there now count as published");
        }
        return options;
    }

    private void run(boolean yes) {
        try (Connection connection = source.database().connect()) {
            TableColumns columns = TableColumns.read(connection, source.table());
            refuse(connection, columns);
            Migrations books = Migrations.ofSharedTablesIn(SourceSql.BOOKS, source.database());
            List<String> statements = InstallSql.statements(
                    source, columns, PartitionTree.read(connection, source.table()), publishExisting);
            print(books.pendingSql(), statements, columns);
            if (yes) {
                books.migrate();
                execute(connection, statements);
                System.out.println("source " + source.name() + ": installed; " + cursor(connection));
            } else {
                System.out.println("source " + source.name() + ": nothing is changed; --yes runs this");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("source " + source.name() + ": " + e.getMessage(), e);
        }
    }

    private void refuse(Connection connection, TableColumns columns) throws SQLException {
        String refusal = columns.refusal(source.table());
        if (refusal == null && columns.byName().containsKey(source.table().column(OutboxTable.SEQ))) {
            SourceSql sql = SourceSql.of(source.table());
            try (PreparedStatement statement = connection.prepareStatement(sql.schema);
                    ResultSet result = statement.executeQuery()) {
                result.next();
                long cache = result.getLong("sequence_cache");
                Long found = result.wasNull() ? null : cache;
                refusal = new SourceSchema(true, found, null, source.table(), null).sequenceRefusal();
            }
        }
        if (refusal != null) {
            throw new ConfigException("source " + source.name() + ": " + refusal);
        }
    }

    private void print(List<String> migrations, List<String> statements, TableColumns columns) {
        System.out.print(WARNING.formatted(OutboxTable.CREATED_AT, SourceSql.BOOKS));
        if (!columns.byName().containsKey(source.table().column(OutboxTable.SEQ))) {
            System.out.print(REWRITE);
        }
        if (!migrations.isEmpty()) {
            System.out.print(MIGRATIONS.formatted(SourceSql.BOOKS));
            migrations.forEach(System.out::println);
        }
        System.out.println("BEGIN;");
        statements.forEach(statement -> System.out.println(statement + ";"));
        System.out.println("COMMIT;");
    }

    private static void execute(Connection connection, List<String> statements) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
            connection.commit();
        } finally {
            connection.rollback();
        }
    }

    /** Also when it was there before, and stayed. */
    private String cursor(Connection connection) throws SQLException {
        SourceSql sql = SourceSql.of(source.table());
        try (PreparedStatement statement = connection.prepareStatement(sql.loadCursor);
                ResultSet result = statement.executeQuery()) {
            result.next();
            return "publishing begins above seq " + result.getLong("published_through");
        }
    }
}
