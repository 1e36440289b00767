package dev.doorbell.relay;

import dev.doorbell.service.ConfigException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@link ReleaseKey} for a table that is not ours, or headers that are not CloudEvents. Its rows may have columns that we
 * know nothing of, so they are not inserted again: those that the dead letters are of are given new places at the end of
 * the order, one by one. All or nothing.
 */
final class ReleaseRows {
    /** In the order of their appending. ? topic, ? key. */
    private static final String LETTERS = """
            SELECT outbox_seq, event_id FROM public.dead_letter
            WHERE consumer = 'relay' AND topic = ? AND sha256(record_key) = sha256(convert_to(?, 'UTF8'))
            ORDER BY id
            """;
    /** By the id too: a sequence that was set back gives the number to another row. */
    private static final String RENUMBER = "UPDATE %1$s SET %2$s = DEFAULT WHERE %2$s = ? AND %3$s = ?::uuid";

    private static final String FORGET = """
            DELETE FROM public.dead_letter
            WHERE consumer = 'relay' AND topic = ? AND sha256(record_key) = sha256(convert_to(?, 'UTF8'))
            """;
    private static final String UNPARK = """
            DELETE FROM public.parked_key
            WHERE consumer = 'relay' AND topic = ? AND record_key_hash = sha256(convert_to(?, 'UTF8'))
            """;

    private ReleaseRows() {}

    static String release(Connection connection, SourceSql sql, String topic, String key) throws SQLException {
        Map<Long, String> letters = letters(connection, sql, topic, key);
        String renumber = RENUMBER.formatted(
                sql.table.quoted(),
                OutboxTable.quote(sql.table.column(OutboxTable.SEQ)),
                SourceSql.letterId(OutboxTable.quote(sql.table.column("event_id")) + "::text"));
        try (PreparedStatement update = connection.prepareStatement(renumber)) {
            for (Map.Entry<Long, String> letter : letters.entrySet()) {
                update.setLong(1, letter.getKey());
                update.setString(2, letter.getValue());
                if (update.executeUpdate() != 1) {
                    throw new ConfigException("the row with seq " + letter.getKey() + " is not in " + sql.table.text()
                            + " any more; insert its event anew from the table dead_letter, delete it there, and "
                            + "release the key then");
                }
            }
        }
        change(connection, sql.fill(FORGET), topic, key);
        change(connection, sql.fill(UNPARK), topic, key);
        return letters.size() + " rows of the key have new places at the end";
    }

    private static Map<Long, String> letters(Connection connection, SourceSql sql, String topic, String key)
            throws SQLException {
        Map<Long, String> letters = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql.fill(LETTERS))) {
            statement.setString(1, topic);
            statement.setString(2, key);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    letters.put(result.getLong(1), result.getString(2));
                }
            }
        }
        return letters;
    }

    private static void change(Connection connection, String sql, String topic, String key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, topic);
            statement.setString(2, key);
            statement.executeUpdate();
        }
    }
}
