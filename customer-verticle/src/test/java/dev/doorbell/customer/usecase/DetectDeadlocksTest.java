package dev.doorbell.customer.usecase;

import static dev.doorbell.customer.TestStack.count;
import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.customer.TestStack;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.customer.store.SagaWatchStore;
import dev.doorbell.outbox.ConsumerLag;
import dev.doorbell.outbox.EventConsumer;
import dev.doorbell.outbox.Outbox;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The detector rejects who waits in vain, and nobody while the blame may lie here. */
@ExtendWith(VertxExtension.class)
class DetectDeadlocksTest {
    private static final Duration AFTER = Duration.ofMinutes(5);

    private final String topic = "replies." + UUID.randomUUID();
    private final AtomicInteger rejected = new AtomicInteger();
    private Vertx vertx;
    private Pool pool;

    @BeforeEach
    void database(Vertx theVertx) {
        vertx = theVertx;
        pool = TestStack.pool(vertx, TestStack.newMigratedDatabase());
        sql("UPDATE saga_watch SET lagged_at = now() - interval '1 hour', checked_at = now()");
        sql("""
                INSERT INTO customer (id, first_name, last_name, username, card_brand, card_last_four, card_valid_thru,
                                      created_at)
                VALUES (uuidv7(), 'Ada', 'Lovelace', 'ada', 'visa', '1111', '2030-01-31', now() - interval '1 hour')
                """);
    }

    @Test
    void anOverdueRegistrationIsRejected() {
        assertThat(get(detector(TestStack.bootstrapServers()).check())).isEqualTo(1);
        assertThat(rejected).hasValue(1);
        assertThat(count(pool, "customer WHERE reason = 'REGISTRATION_DEAD_LOCK_DETECTED'"))
                .isEqualTo(1);
    }

    @Test
    void whileTheOwnRelayLagsNobodyIsRejectedAndDeadlinesStartAnew() {
        append();
        DetectDeadlocks detector = detector(TestStack.bootstrapServers());
        assertThat(get(detector.check())).isZero();
        // The relay is back, but the registration's event is just on its way: it gets its full time.
        publishAll();
        assertThat(get(detector.check())).isZero();
        sql("UPDATE saga_watch SET lagged_at = now() - interval '6 minutes'");
        assertThat(get(detector.check())).isEqualTo(1);
    }

    @Test
    void aRelayThatCatchesUpWithinTheCheckDoesNotHoldItUp() {
        append();
        Future<Integer> check = detector(TestStack.bootstrapServers()).check();
        publishAll();
        assertThat(get(check)).isEqualTo(1);
    }

    @Test
    void whileRepliesWaitInKafkaNobodyIsRejected() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestStack.bootstrapServers()));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", TestStack.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
            producer.send(new ProducerRecord<>(topic, new byte[] {1})).get(30, TimeUnit.SECONDS);
        }
        assertThat(get(detector(TestStack.bootstrapServers()).check())).isZero();
        assertThat(count(pool, "saga_watch WHERE lagged_at > now() - interval '1 minute'"))
                .isEqualTo(1);
    }

    @Test
    void withoutKafkaNobodyIsRejected() {
        assertThat(get(detector("127.0.0.1:1").check())).isZero();
        assertThat(count(pool, "saga_watch WHERE lagged_at > now() - interval '1 minute'"))
                .isEqualTo(1);
    }

    @Test
    void whereNobodyHasLookedForLongDeadlinesStartAnew() {
        sql("UPDATE saga_watch SET checked_at = now() - interval '10 minutes'");
        DetectDeadlocks detector = detector(TestStack.bootstrapServers());
        assertThat(get(detector.check())).isZero();
        assertThat(count(pool, "saga_watch WHERE lagged_at > now() - interval '1 minute'"))
                .isEqualTo(1);
    }

    private DetectDeadlocks detector(String bootstrapServers) {
        ConsumerLag lag = EventConsumer.builder(vertx, pool)
                .bootstrapServers(bootstrapServers)
                .group("group-" + topic)
                .topics(topic)
                .handler("Reply", (connection, event) -> Future.succeededFuture())
                .build()
                .lag();
        return new DetectDeadlocks(
                vertx,
                pool,
                new SagaWatchStore(),
                lag,
                new RejectOverdueRegistrations(pool, new CustomerStore(), new Outbox(), AFTER),
                Duration.ofSeconds(1),
                rejected::addAndGet);
    }

    private void append() {
        sql("""
                INSERT INTO outbox (event_id, aggregate_type, aggregate_id, event_type, payload)
                VALUES (uuidv7(), 'customer', '1', 'CustomerPendingRegistrationEvent', '{}')
                """);
    }

    private void publishAll() {
        sql("UPDATE outbox_cursor SET published_through = (SELECT max(seq) FROM outbox)");
    }

    private void sql(String statement) {
        get(pool.query(statement).execute());
    }
}
