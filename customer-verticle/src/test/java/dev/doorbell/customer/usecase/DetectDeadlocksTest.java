package dev.doorbell.customer.usecase;

import static dev.doorbell.customer.TestStack.count;
import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import dev.doorbell.customer.TestStack;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.customer.store.SagaWatchStore;
import dev.doorbell.outbox.ConsumerLag;
import dev.doorbell.outbox.EventConsumer;
import dev.doorbell.outbox.Outbox;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
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
    private Context loop;
    private Pool pool;

    @BeforeEach
    void database(Vertx theVertx) {
        vertx = theVertx;
        pool = TestStack.pool(vertx, TestStack.newMigratedDatabase());
        nothingLags();
        loop = vertx.getOrCreateContext();
        overdue("ada");
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
        DetectDeadlocks detector = detector(TestStack.bootstrapServers(), Duration.ofSeconds(20));
        Future<Integer> check = onLoop(detector::check);
        awaitLookAtTheCursor();
        publishAll();
        assertThat(get(check)).isEqualTo(1);
    }

    @Test
    void aRowThatWasCommittedLateIsWaitedForToo() {
        append();
        sql("UPDATE outbox_cursor SET published_through = 1, gap_starts = '{1}', gap_ends = '{1}'");
        assertThat(get(detector(TestStack.bootstrapServers()).check())).isZero();
    }

    @Test
    void aStopInMidCheckRecordsNothingAndWaitsForItsEnd() {
        append();
        DetectDeadlocks detector = detector(TestStack.bootstrapServers(), Duration.ofMinutes(10));
        Future<Integer> check = onLoop(detector::check);
        awaitLookAtTheCursor();
        get(onLoop(detector::stop));
        assertThat(get(check)).isZero();
        assertThat(count(pool, "saga_watch WHERE lagged_at < now() - interval '59 minutes'"))
                .isEqualTo(1);
    }

    @Test
    void checksComeAtIntervalsUntilTheStop() {
        DetectDeadlocks detector = detector(TestStack.bootstrapServers(), Duration.ofMillis(100));
        loop.runOnContext(go -> detector.start());
        await().untilAtomic(rejected, is(1));
        overdue("grace");
        // The first rejection's own event may have counted as a lag meanwhile.
        await().until(() -> {
            nothingLags();
            return rejected.get() == 2;
        });
        get(onLoop(detector::stop));
        overdue("barbara");
        nothingLags();
        await().during(Duration.ofSeconds(1)).untilAtomic(rejected, is(2));
    }

    @Test
    void aStopWaitsForTheCheckThatItMeets() {
        append();
        DetectDeadlocks detector = detector(TestStack.bootstrapServers(), Duration.ofSeconds(2));
        SqlConnection blocker = get(pool.getConnection());
        Transaction transaction = get(blocker.begin());
        get(blocker.query("LOCK TABLE outbox_cursor IN ACCESS EXCLUSIVE MODE").execute());
        loop.runOnContext(go -> detector.start());
        await().until(() ->
                count(pool, "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 1);
        Future<Void> stopped = onLoop(detector::stop);
        // Further in the same order: what the stop has to say first has been said.
        get(onLoop(Future::succeededFuture));
        assertThat(stopped.isComplete()).isFalse();
        get(transaction.commit());
        get(blocker.close());
        get(stopped);
        assertThat(count(pool, "saga_watch WHERE lagged_at < now() - interval '59 minutes'"))
                .isEqualTo(1);
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
        return detector(bootstrapServers, Duration.ofSeconds(1));
    }

    private DetectDeadlocks detector(String bootstrapServers, Duration interval) {
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
                interval,
                rejected::addAndGet);
    }

    private void overdue(String username) {
        sql("""
                INSERT INTO customer (id, first_name, last_name, username, card_brand, card_last_four, card_valid_thru,
                                      created_at)
                VALUES (uuidv7(), 'Ada', 'Sample', '%s', 'visa', '1111', '2030-01-31', now() - interval '1 hour')
                """.formatted(username));
    }

    private <T> Future<T> onLoop(Supplier<Future<T>> action) {
        Promise<T> result = Promise.promise();
        loop.runOnContext(go -> action.get().onComplete(result));
        return result.future();
    }

    /** A session whose last statement asked for the cursor, and has its answer. The pattern does not match itself. */
    private void awaitLookAtTheCursor() {
        await().until(() -> count(
                        pool,
                        "pg_stat_activity WHERE datname = current_database() AND state = 'idle' "
                                + "AND query LIKE '%published' || '_through >= $1%'")
                > 0);
    }

    private void append() {
        sql("""
                INSERT INTO outbox (event_id, aggregate_type, aggregate_id, event_type, payload)
                VALUES (uuidv7(), 'customer', '1', 'CustomerPendingRegistrationEvent', '{}')
                """);
    }

    private void nothingLags() {
        publishAll();
        sql("UPDATE saga_watch SET lagged_at = now() - interval '1 hour', checked_at = now()");
    }

    private void publishAll() {
        sql("UPDATE outbox_cursor SET published_through = (SELECT coalesce(max(seq), 0) FROM outbox)");
    }

    private void sql(String statement) {
        get(pool.query(statement).execute());
    }
}
