package dev.doorbell.relay;

import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Collectors;

/**
 * The statements of one source. For our own table they are the texts of {@link OutboxSql}, {@link ReplaySql},
 * {@link CursorSql} and {@link DeadLetterSql}, letter by letter; for another one its names stand in them, and where rows
 * are read a sub-select that gives its columns our names, which PostgreSQL flattens, so that the index is used all the same.
 *
 * <p>The cursor, dead letters and parked keys of other tables are in a schema of their own: the database may well have an
 * {@code outbox} or {@code inbox} of its own in {@code public}.
 */
final class SourceSql {
    /** Where {@code install} makes our own tables beside somebody else's. */
    static final String BOOKS = "doorbell";

    private static final String UUID_PATTERN =
            "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";

    final OutboxTable table;
    final int lockKey;
    private final boolean payloadIsBytes;
    /**
     * The header map's. {@code headers} is then an array of texts: the row's own document, then their values. To make one
     * document of all that, row by row, is dear in PostgreSQL, and to take it apart again is here.
     */
    final List<String> headerNames;

    final String schema;
    final String loadCursor;
    final String storeCursor;
    final String read;
    final String replay;
    final String openWriters;
    final String gapWriters;
    final String lastSeq;
    final String backlog;
    final String storeDeadLetters;
    final String parkedKeys;
    final String deadLettered;
    /** Null when the table does not say how old a row is: whoever owns it removes its rows. */
    final String removePublished;

    SourceSql(OutboxTable table, boolean payloadIsBytes) {
        this.table = table;
        this.lockKey = LockSql.key(table.text());
        this.payloadIsBytes = payloadIsBytes;
        this.headerNames = List.copyOf(table.headers().keySet());
        this.schema = fill(OutboxSql.SCHEMA);
        this.loadCursor = fill(CursorSql.LOAD);
        this.storeCursor = fill(CursorSql.STORE);
        this.read = fill(OutboxSql.READ);
        this.replay = fill(ReplaySql.READ);
        this.openWriters = fill(OutboxSql.OPEN_WRITERS);
        this.gapWriters = fill(OutboxSql.GAP_WRITERS);
        this.lastSeq = fill(OutboxSql.LAST_SEQ);
        this.backlog = fill(OutboxSql.BACKLOG);
        this.storeDeadLetters = fill(letterIds(DeadLetterSql.STORE));
        this.parkedKeys = fill(DeadLetterSql.PARKED_KEYS);
        this.deadLettered = fill(DeadLetterSql.DEAD_LETTERED);
        this.removePublished = table.column(OutboxTable.CREATED_AT) == null ? null : fill(OutboxSql.REMOVE_PUBLISHED);
    }

    /** For what reads no payload. */
    static SourceSql of(OutboxTable table) {
        return new SourceSql(table, true);
    }

    /** The table's row in {@code outbox_cursor}. */
    String cursorName() {
        return table.ours() ? "outbox" : table.text();
    }

    /** Why a source whose cursor cannot be found must not be relayed. */
    String noCursor() {
        return "outbox_cursor has no row '" + cursorName() + "'" + (table.ours() ? "" : "; run install --source NAME");
    }

    /** Under which name the table's dead letters and parked keys are kept. */
    String consumer() {
        return table.ours() ? "relay" : "relay:" + table.text();
    }

    private String books() {
        return table.ours() ? "public" : BOOKS;
    }

    /**
     * The statement with this table's names in place of those of ours. The table may itself be called public.outbox, so
     * that what was put in must not be taken for what is still to be replaced.
     */
    String fill(String sql) {
        if (!table.mapped()) {
            return sql;
        }
        String seq = table.column(OutboxTable.SEQ);
        return sql.replace("public.outbox_cursor", books() + ".outbox_cursor")
                .replace("public.dead_letter", books() + ".dead_letter")
                .replace("public.parked_key", books() + ".parked_key")
                .replace("'public.outbox'", "'" + table.quoted() + "'")
                .replace("outbox = 'outbox'", "outbox = '" + cursorName() + "'")
                .replace("'relay'", "'" + consumer() + "'")
                .replace("'seq'", "'" + seq + "'")
                .replace("octet_length(payload)", "coalesce(octet_length(payload), 0)")
                .replace(
                        "DELETE FROM public.outbox\n    WHERE seq",
                        "DELETE FROM " + table.quoted() + "\n    WHERE " + OutboxTable.quote(seq))
                .replaceAll("(?<= )public\\.outbox\\b", Matcher.quoteReplacement("(" + rows() + ") AS outbox"));
    }

    private String rows() {
        return "SELECT " + OutboxTable.quote(table.column(OutboxTable.SEQ)) + " AS seq"
                + text("event_id", "NULL")
                + text("aggregate_type", "NULL")
                + text("aggregate_id", "NULL")
                + text("event_type", "NULL")
                + text("topic", "NULL::text")
                + ", " + payload() + " AS payload"
                + text("content_type", "'application/json'")
                + text("traceparent", "NULL::text")
                + ", " + headers() + " AS headers"
                + ", " + createdAt() + " AS created_at FROM " + table.quoted();
    }

    private String text(String ours, String otherwise) {
        String theirs = table.column(ours);
        String value = theirs == null
                ? otherwise
                : OutboxTable.REQUIRED.contains(ours)
                        ? OutboxTable.quote(theirs) + "::text"
                        : "coalesce(" + OutboxTable.quote(theirs) + "::text, " + otherwise + ")";
        return ", " + value + " AS " + ours;
    }

    /** A null payload becomes a null value, as a record with an empty one would be another. */
    private String payload() {
        String payload = OutboxTable.quote(table.column("payload"));
        return payloadIsBytes ? payload : "convert_to(" + payload + "::text, 'UTF8')";
    }

    /** What the columns say beats what the document says, as the later one does in {@link OutboxRow}. */
    private String headers() {
        if (headerNames.isEmpty()) {
            return document();
        }
        return table.headers().values().stream()
                .map(header -> OutboxTable.quote(header) + "::text")
                .collect(Collectors.joining(", ", "ARRAY[(" + document() + ")::text, ", "]"));
    }

    /** Anything but an object names no headers. */
    private String document() {
        String column = table.column("headers");
        if (column == null) {
            return "NULL::jsonb";
        }
        String quoted = OutboxTable.quote(column);
        return "CASE WHEN jsonb_typeof(" + quoted + ") = 'object' THEN " + quoted + " END";
    }

    /** now(), which a flattened sub-select may have, unlike clock_timestamp(). */
    private String createdAt() {
        String column = table.column(OutboxTable.CREATED_AT);
        return column == null ? "now()" : "coalesce(" + OutboxTable.quote(column) + ", now())";
    }

    /** {@code dead_letter.event_id} is a uuid; of an id that is none it is the MD5 hash, as in {@link EventIds}. */
    private String letterIds(String sql) {
        if (!table.mapped()) {
            return sql;
        }
        return sql.replace("record_topic, seq, event_id,", "record_topic, seq, " + letterId("event_id") + ",");
    }

    /** @param id an expression of type text */
    static String letterId(String id) {
        return "CASE WHEN " + id + " ~ '" + UUID_PATTERN + "' THEN " + id + "::uuid ELSE md5(" + id + ")::uuid END";
    }
}
