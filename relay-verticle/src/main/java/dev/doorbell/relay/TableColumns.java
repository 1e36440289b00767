package dev.doorbell.relay;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The columns of somebody else's outbox table as they are found on a connect, and whether they can be relayed. */
record TableColumns(Map<String, Column> byName) {
    /** $1: the table, quoted. No row when it is not there. Domains count as what they are made of. */
    static final String SQL = """
            SELECT attribute.attname AS name, attribute.attnotnull AS not_null,
                   CASE type.typtype WHEN 'e' THEN 'enum'
                                     WHEN 'd' THEN format_type(type.typbasetype, NULL)
                                     ELSE format_type(type.oid, NULL) END AS type,
                   EXISTS (SELECT FROM pg_index index
                           WHERE index.indrelid = attribute.attrelid AND index.indisvalid AND index.indpred IS NULL
                             AND index.indkey[0] = attribute.attnum
                             AND (index.indisunique AND index.indnkeyatts = 1 OR class.relkind = 'p')) AS indexed
            FROM pg_attribute attribute
                 JOIN pg_class class ON class.oid = attribute.attrelid
                 JOIN pg_type type ON type.oid = attribute.atttypid
            WHERE attribute.attrelid = to_regclass($1) AND attribute.attnum > 0 AND NOT attribute.attisdropped
            """;

    private static final List<String> TEXTS = List.of("text", "character varying", "enum");
    private static final List<String> NUMBERS = List.of("smallint", "integer", "bigint");
    private static final List<String> IDS = plus(plus(TEXTS, NUMBERS), List.of("uuid"));
    private static final List<String> PAYLOADS = List.of("bytea", "text", "character varying", "json", "jsonb");
    private static final List<String> HEADERS = plus(IDS, List.of("boolean", "json", "jsonb"));
    private static final Map<String, List<String>> TYPES = Map.ofEntries(
            Map.entry("seq", List.of("bigint")),
            Map.entry("event_id", IDS),
            Map.entry("aggregate_type", TEXTS),
            Map.entry("aggregate_id", IDS),
            Map.entry("event_type", TEXTS),
            Map.entry("payload", PAYLOADS),
            Map.entry("topic", TEXTS),
            Map.entry("content_type", TEXTS),
            Map.entry("traceparent", TEXTS),
            Map.entry("headers", List.of("jsonb")),
            Map.entry("created_at", List.of("timestamp with time zone")));
    /** Without them a record has no key, no topic, or no identity. */
    private static final List<String> NOT_NULL =
            List.of("seq", "event_id", "aggregate_type", "aggregate_id", "event_type");

    /**
     * @param type as PostgreSQL writes it, {@code enum} for any enumeration
     * @param indexed whether a unique index over it alone is there
     */
    record Column(String type, boolean notNull, boolean indexed) {}

    /** For commands. */
    static TableColumns read(Connection connection, OutboxTable table) throws SQLException {
        Map<String, Column> byName = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(SQL.replace("$1", "?"))) {
            statement.setString(1, table.quoted());
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    byName.put(
                            result.getString("name"),
                            new Column(
                                    result.getString("type"),
                                    result.getBoolean("not_null"),
                                    result.getBoolean("indexed")));
                }
            }
        }
        return new TableColumns(byName);
    }

    static TableColumns of(RowSet<Row> rows) {
        Map<String, Column> byName = new HashMap<>();
        rows.forEach(row -> byName.put(
                row.getString("name"),
                new Column(row.getString("type"), row.getBoolean("not_null"), row.getBoolean("indexed"))));
        return new TableColumns(byName);
    }

    /** Text is sent as UTF-8; bytes as they are. */
    boolean bytes(String column) {
        Column found = byName.get(column);
        return found != null && found.type().equals("bytea");
    }

    /** @return why the table cannot be relayed, apart from what {@code install} adds; null when it can */
    String refusal(OutboxTable table) {
        if (byName.isEmpty()) {
            return "there is no table " + table.text() + ", or the relay may not see it";
        }
        for (Map.Entry<String, String> mapped : table.columns().entrySet()) {
            String ours = mapped.getKey();
            Column found = byName.get(mapped.getValue());
            boolean installed = ours.equals(OutboxTable.SEQ) && found == null;
            String refusal = installed ? null : refusal(table, ours, mapped.getValue(), found);
            if (refusal != null) {
                return refusal;
            }
        }
        for (String column : table.headers().values()) {
            Column found = byName.get(column);
            if (found == null) {
                return table.text() + " has no column " + column + ", which is to become a header";
            }
            if (!HEADERS.contains(found.type())) {
                return wrongType(table, column, found, "a header", HEADERS);
            }
        }
        return null;
    }

    private static String refusal(OutboxTable table, String ours, String theirs, Column found) {
        if (found == null) {
            return table.text() + " has no column " + theirs + ", which is to be " + ours;
        }
        if (!TYPES.get(ours).contains(found.type())) {
            return wrongType(table, theirs, found, ours, TYPES.get(ours));
        }
        if (NOT_NULL.contains(ours) && !found.notNull()) {
            return table.text() + "." + theirs + " may be null and is to be " + ours + "; ALTER TABLE " + table.quoted()
                    + " ALTER COLUMN " + OutboxTable.quote(theirs) + " SET NOT NULL";
        }
        return null;
    }

    private static String wrongType(
            OutboxTable table, String column, Column found, String what, List<String> possible) {
        return table.text() + "." + column + " is " + found.type() + " and is to be " + what + ", which takes "
                + String.join(", ", possible);
    }

    /** @return what {@code install} would add, null when all is there */
    String notInstalled(OutboxTable table) {
        Column seq = byName.get(table.column(OutboxTable.SEQ));
        if (seq == null) {
            return table.text() + " has no column " + table.column(OutboxTable.SEQ) + " for the order of publication";
        }
        return seq.indexed() ? null : table.text() + "." + table.column(OutboxTable.SEQ) + " has no unique index";
    }

    private static List<String> plus(List<String> some, List<String> others) {
        List<String> all = new ArrayList<>(some);
        all.addAll(others);
        return List.copyOf(all);
    }
}
