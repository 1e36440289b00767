package dev.doorbell.relay;

import dev.doorbell.service.Environment;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * The command {@code release}: appends the relay's dead letters of a key to the outbox again, in their order and with
 * their ids, so that no consumer takes one twice, and releases the key. What was unpublishable must have become
 * publishable before, or it parks its key again.
 */
final class ReleaseKey {
    static final String USAGE = "release --source NAME --topic T --key K";
    static final String DESCRIPTION = "publishes the dead letters of a key again, in order";

    /** The headers that have a column of their own go back there; those that the relay makes are left out. */
    private static final String RELEASE = """
            WITH letters AS (
                DELETE FROM public.dead_letter
                WHERE consumer = 'relay' AND topic = ? AND sha256(record_key) = sha256(convert_to(?, 'UTF8'))
                RETURNING *),
            released AS (
                DELETE FROM public.parked_key
                WHERE consumer = 'relay' AND topic = ? AND record_key_hash = sha256(convert_to(?, 'UTF8'))),
            appended AS (
                INSERT INTO public.outbox (event_id, aggregate_type, aggregate_id, event_type, topic, payload,
                                           content_type, traceparent, headers)
                SELECT event_id, 'released', convert_from(record_key, 'UTF8'), event_type, topic, record_value,
                       header.content_type, header.traceparent, header.others
                FROM letters
                     CROSS JOIN LATERAL (
                         SELECT max(value) FILTER (WHERE name = 'content-type') AS content_type,
                                max(value) FILTER (WHERE name = 'traceparent') AS traceparent,
                                jsonb_object_agg(name, value)
                                    FILTER (WHERE name NOT IN ('content-type', 'traceparent', 'ce_specversion',
                                                               'ce_id', 'ce_type', 'ce_source', 'ce_subject',
                                                               'ce_time', 'ce_sequence')) AS others
                         FROM (SELECT pair ->> 0 AS name,
                                      convert_from(decode(pair ->> 1, 'base64'), 'UTF8') AS value
                               FROM jsonb_array_elements(record_headers) AS pairs (pair)) AS decoded) AS header
                ORDER BY id
                RETURNING seq)
            SELECT count(*) FROM appended
            """;

    private ReleaseKey() {}

    static void run(Environment environment, List<String> arguments) {
        String name = StoppedSource.option(arguments, "--source", 3, USAGE);
        String topic = StoppedSource.option(arguments, "--topic", 3, USAGE);
        String key = StoppedSource.option(arguments, "--key", 3, USAGE);
        StoppedSource.change(
                environment,
                name,
                (connection, source) -> ofRows(source)
                        ? ReleaseRows.release(connection, SourceSql.of(source.table()), topic, key)
                        : release(connection, topic, key));
    }

    /** Where the letter's headers do not hold everything that the row had. */
    private static boolean ofRows(SourceConfig source) {
        return source.table().mapped() || source.headerStyle() == HeaderStyle.DEBEZIUM;
    }

    private static String release(Connection connection, String topic, String key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RELEASE)) {
            statement.setString(1, topic);
            statement.setString(2, key);
            statement.setString(3, topic);
            statement.setString(4, key);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getLong(1) + " dead letters of the key are appended again";
            }
        }
    }
}
