package dev.doorbell.system.harness;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** One database, looked into past its service; a connection for each question. */
public final class Database {
    private final String name;
    private final String jdbcUrl;

    public Database(String name, String jdbcUrl) {
        this.name = name;
        this.jdbcUrl = jdbcUrl;
    }

    public String name() {
        return name;
    }

    /** The first column of every row as text. */
    public List<String> texts(String sql, Object... parameters) {
        return list(sql, row -> row.getString(1), parameters);
    }

    /** Makes something of one row. */
    public interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Every row, read by {@code reader}, in the order of the query. */
    public <T> List<T> list(String sql, RowReader<T> reader, Object... parameters) {
        return query(sql, parameters, result -> {
            List<T> list = new ArrayList<>();
            while (result.next()) {
                list.add(reader.read(result));
            }
            return list;
        });
    }

    public String text(String sql, Object... parameters) {
        List<String> texts = texts(sql, parameters);
        if (texts.size() != 1) {
            throw new AssertionError(texts.size() + " rows instead of one: " + sql);
        }
        return texts.get(0);
    }

    public long number(String sql, Object... parameters) {
        return Long.parseLong(text(sql, parameters));
    }

    /** Every row of a table as text, in an order of their own: equal lists mean that nothing changed. */
    public List<String> rows(String table) {
        return texts("SELECT t::text FROM " + table + " t ORDER BY 1");
    }

    /** What a search for secrets reads: every column of the table as text; bytes as the text that they may be. */
    public List<String> cells(String table) {
        return query("SELECT * FROM " + table, new Object[0], result -> {
            List<String> cells = new ArrayList<>();
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                for (int column = 1; column <= columns; column++) {
                    boolean bytes =
                            result.getMetaData().getColumnTypeName(column).equals("bytea");
                    String cell = bytes ? latin1(result.getBytes(column)) : result.getString(column);
                    if (cell != null) {
                        cells.add(cell);
                    }
                }
            }
            return cells;
        });
    }

    public void execute(String sql, Object... parameters) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                PreparedStatement statement = prepare(connection, sql, parameters)) {
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Reader<T> {
        T read(ResultSet result) throws SQLException;
    }

    private <T> T query(String sql, Object[] parameters, Reader<T> reader) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                PreparedStatement statement = prepare(connection, sql, parameters);
                ResultSet result = statement.executeQuery()) {
            return reader.read(result);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object[] parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    private static String latin1(byte[] bytes) {
        return bytes == null ? null : new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
