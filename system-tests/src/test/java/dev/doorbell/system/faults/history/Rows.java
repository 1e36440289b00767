package dev.doorbell.system.faults.history;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;

/** Columns as values, null for NULL. */
final class Rows {
    private Rows() {}

    static Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static UUID uuid(ResultSet row, int column) throws SQLException {
        return row.getObject(column, UUID.class);
    }

    static String bytes(ResultSet row, int column) throws SQLException {
        return text(row.getBytes(column));
    }

    /** One character a byte. */
    static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** The bytes that a text has in UTF-8, one character each: how a text looks in Kafka. */
    static String utf8(String text) {
        return text == null ? null : text(text.getBytes(StandardCharsets.UTF_8));
    }
}
