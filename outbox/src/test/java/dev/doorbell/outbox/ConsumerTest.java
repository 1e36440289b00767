package dev.doorbell.outbox;

import static dev.doorbell.outbox.TestStack.count;
import static dev.doorbell.outbox.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** A database with a table that shows what took effect, a topic, and consumers of it. */
@ExtendWith(VertxExtension.class)
abstract class ConsumerTest {
    final String topic = "test." + UUID.randomUUID();
    final String group = "group-" + UUID.randomUUID();
    final List<EventConsumer> consumers = new ArrayList<>();
    final Counts counts = new Counts();
    TestTopic kafka;
    String databaseUrl;
    Pool pool;
    Vertx vertx;

    @BeforeEach
    void setUp(Vertx theVertx) {
        vertx = theVertx;
        databaseUrl = TestStack.newDatabaseUrl(vertx);
        pool = TestStack.pool(vertx, databaseUrl);
        get(pool.query("CREATE TABLE effect (n serial, event_id uuid, key text, payload text)")
                .execute());
        kafka = new TestTopic(topic);
    }

    @AfterEach
    void tearDown() {
        consumers.forEach(consumer -> get(consumer.stop()));
        kafka.close();
        get(pool.close());
    }

    EventConsumer start(EventHandler handler) {
        EventConsumer consumer = builder(handler).build();
        consumers.add(consumer);
        get(consumer.start());
        return consumer;
    }

    EventConsumerBuilder builder(EventHandler handler) {
        return EventConsumer.builder(vertx, pool)
                .bootstrapServers(TestStack.bootstrapServers())
                .group(group)
                .topics(topic)
                .handler(TestEvent.TYPE, handler)
                .listener(counts);
    }

    Future<?> effect(SqlConnection connection, Event event) {
        return connection
                .preparedQuery("INSERT INTO effect (event_id, key, payload) VALUES ($1, $2, $3)")
                .execute(Tuple.of(
                        event.id(), event.aggregateId(), event.payload().toString()));
    }

    void awaitEffects(int number) {
        await("effects").atMost(Duration.ofSeconds(30)).until(() -> count(pool, "effect") == number);
    }

    List<String> effects() {
        List<String> effects = new ArrayList<>();
        get(pool.query("SELECT key || payload FROM effect ORDER BY n").execute())
                .forEach(row -> effects.add(row.getString(0)));
        return effects;
    }

    /** Each event had one effect, and those of each key are in the order of their payloads, which are numbers. */
    void requireOrder() {
        assertThat(count(pool, "(SELECT event_id FROM effect GROUP BY event_id HAVING count(*) > 1) AS twice"))
                .as("events with two effects")
                .isZero();
        assertThat(count(
                        pool,
                        "(SELECT payload::int < lag(payload::int) OVER (PARTITION BY key ORDER BY n) AS back FROM effect)"
                                + " AS steps WHERE back"))
                .as("effects before that of an earlier event of the key")
                .isZero();
    }

    static final class Counts implements ConsumerListener {
        final AtomicInteger duplicates = new AtomicInteger();
        final AtomicInteger retries = new AtomicInteger();
        final Map<String, Integer> unhandled = new ConcurrentHashMap<>();

        @Override
        public void duplicate(Event event) {
            duplicates.incrementAndGet();
        }

        @Override
        public void retried(Throwable cause) {
            retries.incrementAndGet();
        }

        @Override
        public void unhandled(String eventType) {
            unhandled.merge(eventType, 1, Integer::sum);
        }
    }
}
