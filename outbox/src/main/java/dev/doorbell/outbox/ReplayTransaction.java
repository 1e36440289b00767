package dev.doorbell.outbox;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * What happens to one dead letter that is replayed, inside its transaction: the key's row is locked, so that the
 * consumer cannot park a further record unseen; the handler runs; the dead letter goes. When none is left the key is
 * released in the same way. No inbox row is claimed: a poisoned or parked record's was written when it was dead-lettered,
 * and one beyond the horizon is run because somebody asked for it.
 */
final class ReplayTransaction {
    private final String consumer;
    private final Map<String, EventHandler> handlers;

    ReplayTransaction(String consumer, Map<String, EventHandler> handlers) {
        this.consumer = consumer;
        this.handlers = Map.copyOf(handlers);
    }

    /** @return whether there was a record; false when the key is released */
    Future<Boolean> next(SqlConnection connection, String topic, Buffer key) {
        return first(connection, topic, key)
                .compose(found -> found.size() == 0
                        ? release(connection, topic, key)
                        : run(connection, found.iterator().next(), topic, key).map(true));
    }

    /**
     * Removes the first record of the key without running it.
     *
     * @return whether there was one
     */
    Future<Boolean> discardFirst(SqlConnection connection, String topic, Buffer key) {
        return first(connection, topic, key)
                .compose(found -> found.size() == 0
                        ? release(connection, topic, key)
                        : delete(connection, found.iterator().next()).map(true));
    }

    private Future<RowSet<Row>> first(SqlConnection connection, String topic, Buffer key) {
        Tuple ofKey = Tuple.of(consumer, topic, key);
        return connection
                .preparedQuery(DeadLetterSql.LOCK_PARKED_KEY)
                .execute(ofKey)
                .compose(locked ->
                        connection.preparedQuery(DeadLetterSql.NEXT_OF_KEY).execute(ofKey));
    }

    private Future<Boolean> release(SqlConnection connection, String topic, Buffer key) {
        return connection
                .preparedQuery(DeadLetterSql.RELEASE_KEY)
                .execute(Tuple.of(consumer, topic, key))
                .map(false);
    }

    private Future<Void> delete(SqlConnection connection, Row row) {
        return connection
                .preparedQuery(DeadLetterSql.DELETE)
                .execute(Tuple.of(row.getLong("id"), consumer))
                .mapEmpty();
    }

    private Future<Void> run(SqlConnection connection, Row row, String topic, Buffer key) {
        Event event = EventDecoder.decode(record(row, topic, key));
        EventHandler handler = handlers.get(event.type());
        if (handler == null) {
            return Future.failedFuture(new PoisonEventException("Nobody handles " + event.type() + "."));
        }
        return handler.handle(connection, event).compose(handled -> delete(connection, row));
    }

    private static ConsumerRecord<byte[], byte[]> record(Row row, String topic, Buffer key) {
        Buffer value = row.getBuffer("record_value");
        return new ConsumerRecord<>(
                topic,
                row.getInteger("kafka_partition"),
                row.getLong("kafka_offset"),
                row.getOffsetDateTime("record_timestamp") == null
                        ? ConsumerRecord.NO_TIMESTAMP
                        : row.getOffsetDateTime("record_timestamp").toInstant().toEpochMilli(),
                TimestampType.CREATE_TIME,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                key.getBytes(),
                value == null ? null : value.getBytes(),
                new RecordHeaders(HeadersJson.fromJson(new JsonArray(row.getString("record_headers")))),
                Optional.empty());
    }
}
