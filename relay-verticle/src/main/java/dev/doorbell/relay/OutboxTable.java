package dev.doorbell.relay;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The table that a source's events are read from, and which of its columns is what. All names are plain identifiers and
 * stand in statements in double quotes, so that they mean what they say and cannot mean anything else.
 *
 * @param columns the table's column by our name for it; what is optional may be missing
 * @param headers the table's column by the Kafka header that its value becomes, in addition
 */
record OutboxTable(String schema, String name, Map<String, String> columns, Map<String, String> headers) {
    static final String SEQ = "seq";
    static final String CREATED_AT = "created_at";
    static final List<String> REQUIRED =
            List.of(SEQ, "event_id", "aggregate_type", "aggregate_id", "event_type", "payload");
    static final List<String> OPTIONAL = List.of("topic", "content_type", "traceparent", "headers", CREATED_AT);

    /** The word for the columns of our own table. */
    static final String DOORBELL = "doorbell";
    /** The word for the default columns of Debezium's outbox event router. */
    static final String DEBEZIUM = "debezium";

    private static final Map<String, String> DOORBELL_COLUMNS = doorbellColumns();
    private static final Map<String, String> DEBEZIUM_COLUMNS = Map.of(
            SEQ,
            SEQ,
            "event_id",
            "id",
            "aggregate_type",
            "aggregatetype",
            "aggregate_id",
            "aggregateid",
            "event_type",
            "type",
            "payload",
            "payload");

    /** At most as long as PostgreSQL keeps a name; a longer one would be cut and then be another. */
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    static final OutboxTable OURS = of(OutboxSql.TABLE, DOORBELL_COLUMNS, Map.of());

    OutboxTable {
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** @param text as {@link #parseName} returns it */
    static OutboxTable of(String text, Map<String, String> columns, Map<String, String> headers) {
        int dot = text.indexOf('.');
        return new OutboxTable(text.substring(0, dot), text.substring(dot + 1), columns, headers);
    }

    /** @throws IllegalArgumentException for anything but schema.table */
    static String parseName(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 2 || !identifier(parts[0]) || !identifier(parts[1])) {
            throw new IllegalArgumentException("is not schema.table, both plain names of letters, digits and _ (at "
                    + "most 63), in upper and lower case as PostgreSQL lists them");
        }
        return text;
    }

    /** @throws IllegalArgumentException for anything but {@code doorbell}, {@code debezium} and {@code ours:theirs} */
    static Map<String, String> parseColumns(String text) {
        Map<String, String> columns = new LinkedHashMap<>();
        for (String entry : text.split(",", -1)) {
            String[] pair = entry.strip().split(":", -1);
            if (pair.length == 1 && columns.isEmpty() && pair[0].equals(DEBEZIUM)) {
                columns.putAll(DEBEZIUM_COLUMNS);
            } else if (pair.length == 1 && columns.isEmpty() && pair[0].equals(DOORBELL)) {
                columns.putAll(DOORBELL_COLUMNS);
            } else if (pair.length == 2 && known(pair[0]) && identifier(pair[1])) {
                columns.put(pair[0], pair[1]);
            } else {
                throw new IllegalArgumentException("has an entry that is neither name:column (names: "
                        + String.join(", ", REQUIRED) + "; optional: " + String.join(", ", OPTIONAL)
                        + ") nor, as the first, debezium or doorbell");
            }
        }
        columns.putIfAbsent(SEQ, SEQ);
        REQUIRED.stream().filter(required -> !columns.containsKey(required)).forEach(missing -> {
            throw new IllegalArgumentException("names no column for " + missing);
        });
        return columns;
    }

    static boolean identifier(String text) {
        return IDENTIFIER.matcher(text).matches();
    }

    private static boolean known(String column) {
        return REQUIRED.contains(column) || OPTIONAL.contains(column);
    }

    private static Map<String, String> doorbellColumns() {
        Map<String, String> columns = new LinkedHashMap<>();
        REQUIRED.forEach(column -> columns.put(column, column));
        OPTIONAL.forEach(column -> columns.put(column, column));
        return columns;
    }

    /** Whether it is the table that {@code migrate} makes; any other is somebody else's. */
    boolean ours() {
        return text().equals(OutboxSql.TABLE) && columns.equals(DOORBELL_COLUMNS);
    }

    /** Whether its rows must be translated as they are read. */
    boolean mapped() {
        return !ours() || !headers.isEmpty();
    }

    /** As it is configured, shown and locked. */
    String text() {
        return schema + "." + name;
    }

    /** As it stands in a statement. */
    String quoted() {
        return quote(schema) + "." + quote(name);
    }

    /** @return null when the table has none */
    String column(String ours) {
        return columns.get(ours);
    }

    static String quote(String identifier) {
        return '"' + identifier + '"';
    }
}
