package dev.doorbell.outbox;

import static dev.doorbell.outbox.TestStack.get;
import static dev.doorbell.outbox.TestStack.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class OutboxTest {
    private final Outbox outbox = new Outbox();
    private Pool pool;

    @BeforeEach
    void database(Vertx vertx) {
        pool = TestStack.newDatabase(vertx);
    }

    @Test
    void anEventIsStoredWhole() {
        Buffer bytes = Buffer.buffer(new byte[] {0, (byte) 0xFF, 10, (byte) 0x80});
        OutboxEvent event = OutboxEvent.bytes("order", "o-1", "OrderPlaced", bytes, "application/x-protobuf")
                .withTraceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .withTopic("orders")
                .withHeaders(Map.of("ce_dataschema", "urn:order:2", "tenant", "ä"));
        get(pool.withTransaction(connection -> outbox.append(connection, event)));

        Row row = get(pool.query("SELECT * FROM outbox").execute()).iterator().next();
        assertThat(row.getUUID("event_id")).isEqualTo(event.id());
        assertThat(row.getString("aggregate_type")).isEqualTo("order");
        assertThat(row.getString("aggregate_id")).isEqualTo("o-1");
        assertThat(row.getString("event_type")).isEqualTo("OrderPlaced");
        assertThat(row.getString("topic")).isEqualTo("orders");
        assertThat(row.getBuffer("payload")).isEqualTo(bytes);
        assertThat(row.getString("content_type")).isEqualTo("application/x-protobuf");
        assertThat(row.getString("traceparent")).isEqualTo(event.traceparent());
        assertThat(row.getJsonObject("headers").getMap())
                .containsOnly(Map.entry("ce_dataschema", "urn:order:2"), Map.entry("tenant", "ä"));
    }

    @Test
    void whatIsOptionalStaysNull() {
        get(pool.withTransaction(connection -> outbox.append(connection, event("a", 1))));
        Row row = get(pool.query("SELECT topic, traceparent, headers FROM outbox")
                        .execute())
                .iterator()
                .next();
        assertThat(row.getValue(0)).isNull();
        assertThat(row.getValue(1)).isNull();
        assertThat(row.getValue(2)).isNull();
    }

    @Test
    void eventsOfOneAppendAreNumberedInItsOrder() {
        List<OutboxEvent> events = new ArrayList<>(
                IntStream.range(0, 500).mapToObj(i -> event("a", i)).toList());
        // Ids sort by time: shuffled, an order by id would show.
        Collections.shuffle(events);
        get(pool.withTransaction(connection -> outbox.append(connection, events)));
        List<Object> stored = new ArrayList<>();
        get(pool.query("SELECT event_id FROM outbox ORDER BY seq").execute())
                .forEach(row -> stored.add(row.getUUID(0)));
        assertThat(stored).isEqualTo(events.stream().map(OutboxEvent::id).toList());
    }

    @Test
    void aRollbackLeavesNothing() {
        assertThatThrownBy(() -> get(pool.withTransaction(connection -> outbox.append(connection, event("a", 1))
                        .compose(appended -> Future.failedFuture(new IllegalStateException("no"))))))
                .hasMessage("no");
        assertThat(TestStack.count(pool, "outbox")).isZero();
    }

    @Test
    void oneAppendRingsOnceForARelayThatSleeps(Vertx vertx) {
        AtomicInteger rings = new AtomicInteger();
        PgConnection listener = (PgConnection) get(pool.getConnection());
        listener.notificationHandler(notification -> rings.incrementAndGet());
        get(listener.query("LISTEN outbox").execute());
        // As a sleeping relay does: it leads, and is not awake.
        get(listener.query("SELECT pg_try_advisory_lock(1146048338, 537502032)").execute());
        get(pool.withTransaction(connection -> outbox.append(connection, List.of(event("a", 1), event("a", 2)))));
        get(pool.withTransaction(connection -> outbox.append(connection, List.of())));
        // The answer to a statement comes behind every notification that was sent before it.
        get(listener.query("SELECT 1").execute());
        assertThat(rings).hasValue(1);
    }

    @Test
    void aPersonReadsTextAsTextAndBytesAsHexadecimalDigits() {
        OutboxEvent bytes = OutboxEvent.bytes("a", "1", "T", Buffer.buffer(new byte[] {(byte) 0xC3, 1}), "x/y");
        get(pool.withTransaction(connection -> outbox.append(connection, List.of(event("a", 7), bytes))));
        List<String> payloads = new ArrayList<>();
        get(pool.query("SELECT payload FROM outbox_readable ORDER BY seq").execute())
                .forEach(row -> payloads.add(row.getString(0)));
        assertThat(payloads).containsExactly("{\"n\":7}", "\\xc301");
    }

    @Test
    void wrongEventsAreRefusedByTheNameOfTheField() {
        assertThatThrownBy(() -> OutboxEvent.json("white space", "1", "T", text("{}")))
                .hasMessageContaining("aggregateType");
        assertThatThrownBy(() -> OutboxEvent.json("a", "", "T", text("{}"))).hasMessageContaining("aggregateId");
        assertThatThrownBy(() -> OutboxEvent.json("a", "ä".repeat(1_001), "T", text("{}")))
                .hasMessageContaining("aggregateId");
        assertThatThrownBy(() -> OutboxEvent.json("a", "1", "", text("{}"))).hasMessageContaining("type");
        assertThatThrownBy(() ->
                        OutboxEvent.json("a", "1", "T", Buffer.buffer(new byte[OutboxEvent.PAYLOAD_BYTES_MAX + 1])))
                .hasMessageContaining("payload");
        assertThatThrownBy(() -> outbox.append(null, Collections.nCopies(Outbox.EVENTS_MAX + 1, event("a", 1))))
                .hasMessageContaining("1000");
    }

    private static OutboxEvent event(String key, int n) {
        return OutboxEvent.json("test", key, "Happened", text("{\"n\":" + n + "}"));
    }
}
