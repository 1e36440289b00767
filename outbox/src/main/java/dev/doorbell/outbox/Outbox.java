package dev.doorbell.outbox;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * Appends events to the table {@code outbox} on the caller's connection, so that they commit or roll back with the
 * change they tell of.
 *
 * <p>Write or lock the aggregate's row first, in the same transaction: the event's place in the order of publication
 * is drawn by this statement, and only while the row is locked is it the order of commits. Append the event of a
 * guarded update only after its result showed that a row matched.
 *
 * <p>Guarantees: what is appended is published at least once if its transaction commits and never if it rolls back;
 * per aggregate, first occurrences in the order of commits. Nothing is said of the order between aggregates.
 *
 * <p>Stateless and safe for any number of threads; a future completes on its connection's context. A failed append
 * leaves the transaction aborted, as any failed statement does. {@code PREPARE TRANSACTION} fails after an append that
 * found the relay asleep, because the transaction has notified.
 */
public final class Outbox {
    /** The most events of one call; a transaction can make several calls. */
    public static final int EVENTS_MAX = 1_000;

    /** One statement however many events, so that the trigger rings once; the sort fixes the order in which seq is drawn. */
    private static final String APPEND = """
            INSERT INTO outbox (event_id, aggregate_type, aggregate_id, event_type, topic, payload, content_type,
                                traceparent, headers)
            SELECT event_id, aggregate_type, aggregate_id, event_type, topic, payload, content_type, traceparent,
                   nullif(headers, 'null')
            FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::text[], $8::text[],
                        $9::jsonb[])
                 WITH ORDINALITY AS event (event_id, aggregate_type, aggregate_id, event_type, topic, payload,
                                           content_type, traceparent, headers, position)
            ORDER BY position
            """;

    /**
     * Appends one event.
     *
     * @param connection in the transaction that changes the aggregate; without one the event commits alone
     * @return fails with the database's error
     */
    public Future<Void> append(SqlConnection connection, OutboxEvent event) {
        return append(connection, List.of(event));
    }

    /**
     * Appends the events in the order of the list, in one statement; an empty list does nothing.
     *
     * @param connection in the transaction that changes the aggregates; without one the events commit alone
     * @return fails with the database's error
     * @throws IllegalArgumentException for more than {@link #EVENTS_MAX} events
     */
    public Future<Void> append(SqlConnection connection, List<OutboxEvent> events) {
        if (events.size() > EVENTS_MAX) {
            throw new IllegalArgumentException("More than " + EVENTS_MAX + " events in one append.");
        }
        if (events.isEmpty()) {
            return Future.succeededFuture();
        }
        Tuple columns = Tuple.tuple()
                .addArrayOfUUID(column(events, OutboxEvent::id, UUID[]::new))
                .addArrayOfString(column(events, OutboxEvent::aggregateType, String[]::new))
                .addArrayOfString(column(events, OutboxEvent::aggregateId, String[]::new))
                .addArrayOfString(column(events, OutboxEvent::type, String[]::new))
                .addArrayOfString(column(events, OutboxEvent::topic, String[]::new))
                .addArrayOfBuffer(column(events, OutboxEvent::payload, Buffer[]::new))
                .addArrayOfString(column(events, OutboxEvent::contentType, String[]::new))
                .addArrayOfString(column(events, OutboxEvent::traceparent, String[]::new))
                .addArrayOfJsonObject(column(events, Outbox::headers, JsonObject[]::new));
        return connection.preparedQuery(APPEND).execute(columns).mapEmpty();
    }

    /** The client writes a null among JSON values as JSON's null; the statement makes SQL's of it. */
    private static JsonObject headers(OutboxEvent event) {
        if (event.headers().isEmpty()) {
            return null;
        }
        JsonObject headers = new JsonObject();
        event.headers().forEach(headers::put);
        return headers;
    }

    private static <T> T[] column(
            List<OutboxEvent> events, Function<OutboxEvent, T> value, java.util.function.IntFunction<T[]> array) {
        return events.stream().map(value).toArray(array);
    }
}
