package dev.doorbell.system;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The schema of a database as SQL text for review, from PostgreSQL's catalogue: what the migrations amount to. Made so
 * that a change of the schema is a change of a few lines; it is not made to be run.
 */
final class SchemaDump {
    private final Connection connection;

    private SchemaDump(Connection connection) {
        this.connection = connection;
    }

    /** @throws IllegalStateException when the schema holds something that the text would leave out */
    static String of(Connection connection) throws SQLException {
        return new SchemaDump(connection).text();
    }

    private String text() throws SQLException {
        List<String> unknown = rows(SchemaSql.UNKNOWN);
        if (!unknown.isEmpty()) {
            throw new IllegalStateException("SchemaDump must first learn to write: " + String.join(", ", unknown));
        }
        List<String> paragraphs = new ArrayList<>(rows(SchemaSql.FUNCTIONS));
        for (String table : rows(SchemaSql.TABLES)) {
            paragraphs.add(table(table));
        }
        paragraphs.addAll(rows(SchemaSql.VIEWS));
        paragraphs.add(String.join("\n", rows(SchemaSql.COMMENTS)));
        return paragraphs.stream().map(String::strip).reduce("", (all, next) -> all + "\n" + next + "\n");
    }

    private String table(String table) throws SQLException {
        List<String> inside = new ArrayList<>(rows(SchemaSql.COLUMNS, table));
        inside.addAll(rows(SchemaSql.CONSTRAINTS, table));
        List<String> lines = new ArrayList<>();
        lines.add("CREATE TABLE " + table + " (\n    " + String.join(",\n    ", inside) + "\n)"
                + rows(SchemaSql.TABLE_OPTIONS, table).get(0) + ";");
        lines.addAll(rows(SchemaSql.INDEXES, table));
        lines.addAll(rows(SchemaSql.TRIGGERS, table));
        return String.join("\n", lines);
    }

    private List<String> rows(String sql, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            List<String> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.add(result.getString(1));
                }
            }
            return rows;
        }
    }
}
