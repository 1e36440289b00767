package dev.doorbell.outbox;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Puts a record that cannot be processed into {@code dead_letter}, parks its key where the reason asks for it, and
 * announces it on {@code <topic>.DLT} through the outbox. All on the caller's connection, in its transaction.
 */
final class DeadLetters {
    private static final int CAUSE_LENGTH_MAX = 1_000;
    private static final int TOPIC_LENGTH_MAX = 249;
    private static final int ANNOUNCED_KEY_BYTES_MAX = 500;
    /** The end of the year 9999. */
    private static final long TIMESTAMP_MS_MAX = 253_402_300_799_999L;

    private final String consumer;
    private final Outbox outbox = new Outbox();

    DeadLetters(String consumer) {
        this.consumer = consumer;
    }

    /** @param event null for a record that is none */
    Future<Void> add(
            SqlConnection connection,
            ConsumerRecord<byte[], byte[]> record,
            Event event,
            DeadLetterReason reason,
            String cause) {
        Tuple row = Tuple.tuple()
                .addString(consumer)
                .addString(record.topic())
                .addInteger(record.partition())
                .addLong(record.offset())
                .addUUID(event == null ? null : event.id())
                .addString(event == null ? null : event.type())
                .addBuffer(buffer(record.key()))
                .addBuffer(buffer(record.value()))
                .addJsonArray(HeadersJson.toJson(record.headers()))
                .addOffsetDateTime(timestamp(record))
                .addString(reason.name())
                .addString(cause);
        return connection
                .preparedQuery(DeadLetterSql.INSERT)
                .execute(row)
                .compose(inserted -> inserted.size() == 0
                        ? Future.succeededFuture()
                        : park(connection, record, reason)
                                .compose(parked -> announce(connection, record, event, reason)));
    }

    private Future<Void> park(
            SqlConnection connection, ConsumerRecord<byte[], byte[]> record, DeadLetterReason reason) {
        if (!reason.parksKey() || record.key() == null) {
            return Future.succeededFuture();
        }
        return connection
                .preparedQuery(DeadLetterSql.PARK_KEY)
                .execute(Tuple.of(consumer, record.topic(), buffer(record.key())))
                .mapEmpty();
    }

    /** Says that and why, not what: the record itself stays in the table. */
    private Future<Void> announce(
            SqlConnection connection, ConsumerRecord<byte[], byte[]> record, Event event, DeadLetterReason reason) {
        JsonObject announcement = new JsonObject()
                .put("consumer", consumer)
                .put("topic", record.topic())
                .put("partition", record.partition())
                .put("offset", record.offset())
                .put("eventId", event == null ? null : event.id().toString())
                .put("eventType", event == null ? null : event.type())
                .put("reason", reason.name());
        String topic = record.topic() + ".DLT";
        return outbox.append(
                connection,
                OutboxEvent.json("dead-letter", announcementKey(record), "DeadLetterEvent", announcement.toBuffer())
                        .withTopic(topic.length() > TOPIC_LENGTH_MAX ? null : topic)
                        .withTraceparent(event == null ? null : event.traceparent()));
    }

    /** The record's own key where it can be an aggregate's id, which is text; otherwise its partition. */
    private static String announcementKey(ConsumerRecord<byte[], byte[]> record) {
        byte[] key = record.key();
        if (key != null && key.length > 0 && key.length <= ANNOUNCED_KEY_BYTES_MAX) {
            String text = new String(key, StandardCharsets.UTF_8);
            if (text.indexOf('\0') < 0 && Arrays.equals(text.getBytes(StandardCharsets.UTF_8), key)) {
                return text;
            }
        }
        return record.topic() + "-" + record.partition();
    }

    /** Null for a time that a broken producer made up and PostgreSQL cannot hold. */
    private static OffsetDateTime timestamp(ConsumerRecord<byte[], byte[]> record) {
        boolean sane = record.timestamp() >= 0 && record.timestamp() <= TIMESTAMP_MS_MAX;
        return sane ? Instant.ofEpochMilli(record.timestamp()).atOffset(ZoneOffset.UTC) : null;
    }

    static Buffer buffer(byte[] bytes) {
        return bytes == null ? null : Buffer.buffer(bytes);
    }

    /** For an operator. A PostgreSQL message may quote a row's values; its code and constraint do not. */
    static String describe(Throwable failure) {
        String text;
        if (failure instanceof PgException pg) {
            text = "PostgreSQL error " + pg.getSqlState()
                    + (pg.getConstraint() == null ? "" : ", constraint " + pg.getConstraint());
        } else if (failure instanceof PoisonEventException || failure instanceof UndecodableRecordException) {
            text = failure.getMessage();
        } else if (failure instanceof DecodeException) {
            // Its message quotes the payload.
            text = failure.getClass().getName();
        } else {
            text = failure.getClass().getName() + ": " + failure.getMessage();
        }
        String storable = text.replace('\0', '\uFFFD');
        return storable.length() <= CAUSE_LENGTH_MAX ? storable : storable.substring(0, CAUSE_LENGTH_MAX);
    }
}
