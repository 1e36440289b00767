package dev.doorbell.outbox;

import static dev.doorbell.outbox.TestStack.count;
import static dev.doorbell.outbox.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.localstack.FaultProxy;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** PostgreSQL or Kafka gone for a while: nothing is lost and nothing has a second effect. */
class OutageTest extends ConsumerTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int EVENTS = 30;

    @Test
    void postgresqlRestartedUnderTheConsumerIsWaitedFor() {
        kafka.create(2);
        EventConsumer consumer = start(this::effect);
        send(0, EVENTS);
        awaitEffects(EVENTS);

        // In order: after a kill, PostgreSQL would first sync the files of every test's database.
        TestStack.postgres().stop();
        send(EVENTS, 2 * EVENTS);
        await("the consumer says that it stands still")
                .until(() -> !consumer.stalledFor().isZero());
        TestStack.postgres().startAgain();

        awaitOffsets(2 * EVENTS);
        awaitEffectsAgain(2 * EVENTS);
        assertThat(consumer.stalledFor()).isZero();
        assertThat(count(pool, "dead_letter")).isZero();
        requireOrder();
    }

    @Test
    void aBrokerThatIsDownInBetweenOrAtTheStartIsWaitedFor() {
        kafka.create(2);
        start(this::effect);
        send(0, EVENTS);
        awaitEffects(EVENTS);
        String otherGroup = "late-" + group;
        TestStack.kafka().kill();
        EventConsumer late = builder(this::effect).group(otherGroup).build();
        consumers.add(late);
        Future<Void> lateStarted = late.start();
        // Long enough for more than one try of the late one.
        await("nobody can start")
                .during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(4))
                .until(() -> !lateStarted.isComplete());
        TestStack.kafka().startAgain();

        send(EVENTS, 2 * EVENTS);
        awaitOffsets(2 * EVENTS);
        await("the late group has caught up").atMost(LIMIT).until(() -> kafka.committed(otherGroup) == 2 * EVENTS);
        // Each event once for each of the groups.
        awaitEffects(4 * EVENTS);
        assertThat(count(pool, "(SELECT event_id FROM effect GROUP BY event_id HAVING count(*) <> 2) AS wrong"))
                .isZero();
    }

    /** The commit itself goes into the hole: whether it happened is known only afterwards. */
    @Test
    void aDatabaseThatFallsSilentInACommitIsWaitedFor() {
        kafka.create(1);
        try (FaultProxy proxy = FaultProxy.start(TestStack.postgres().port())) {
            AtomicBoolean silent = new AtomicBoolean();
            Pool proxied = TestStack.pool(
                    vertx, databaseUrl.replace(":" + TestStack.postgres().port() + "/", ":" + proxy.port() + "/"));
            EventConsumer consumer = EventConsumer.builder(vertx, proxied)
                    .bootstrapServers(TestStack.bootstrapServers())
                    .group(group)
                    .topics(topic)
                    .handlerTimeout(Duration.ofMillis(500))
                    .handler(
                            TestEvent.TYPE,
                            (connection, event) -> effect(connection, event).onSuccess(done -> {
                                if (event.payload().toString().equals("7") && silent.compareAndSet(false, true)) {
                                    proxy.blackHole();
                                }
                            }))
                    .build();
            consumers.add(consumer);
            get(consumer.start());
            send(0, 7);
            awaitEffects(7);
            // In a batch of its own, so that nothing but the commit goes into the hole.
            send(7, 8);
            await("the consumer says that it stands still")
                    .atMost(LIMIT)
                    .until(() -> !consumer.stalledFor().isZero());
            assertThat(count(pool, "effect")).isEqualTo(7);
            proxy.heal();
            send(8, EVENTS);

            awaitEffects(EVENTS);
            awaitOffsets(EVENTS);
            await("it goes on").until(() -> consumer.stalledFor().isZero());
            requireOrder();
            await("no session is left in a transaction")
                    .until(() -> count(
                                    pool,
                                    "pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'")
                            == 0);
            get(consumer.stop());
            get(proxied.close());
        }
    }

    private void send(int from, int to) {
        kafka.send(IntStream.range(from, to)
                .mapToObj(i -> TestEvent.of("k" + i % 3, String.valueOf(i)))
                .toArray(TestEvent[]::new));
    }

    private void awaitOffsets(int number) {
        await("offsets committed").atMost(LIMIT).until(() -> kafka.committed(group) == number);
    }

    /** The pool of the test has lost its connections too. */
    private void awaitEffectsAgain(int number) {
        await("effects").atMost(LIMIT).ignoreExceptions().until(() -> count(pool, "effect") == number);
    }
}
