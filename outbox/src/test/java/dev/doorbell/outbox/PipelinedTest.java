package dev.doorbell.outbox;

import static dev.doorbell.outbox.TestStack.count;
import static dev.doorbell.outbox.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Handlers of one batch, beside each other where they may be. */
class PipelinedTest extends ConsumerTest {
    private final Promise<Void> gate = Promise.promise();
    private final AtomicInteger gated = new AtomicInteger();

    @Test
    void handlersOfDifferentKeysRunBesideEachOther() {
        Promise<Void> secondHasBegun = Promise.promise();
        startPipelined((connection, event) -> {
            if (event.aggregateId().equals("b")) {
                secondHasBegun.tryComplete();
            }
            return event.aggregateId().equals("a")
                    ? secondHasBegun.future().compose(begun -> effect(connection, event))
                    : effect(connection, event);
        });
        sendAsOneBatch(TestEvent.of("a", "1"), TestEvent.of("b", "2"));
        awaitEffects(3);
        assertThat(counts.retries).hasValue(0);
        assertThat(batches()).isEqualTo(2);
    }

    @Test
    void handlersOfOneKeyRunOneAfterTheOther() {
        startPipelined((connection, event) -> event.payload().toString().equals("1")
                ? connection.query("SELECT pg_sleep(0.1)").execute().compose(slept -> effect(connection, event))
                : effect(connection, event));
        sendAsOneBatch(TestEvent.of("a", "1"), TestEvent.of("a", "2"), TestEvent.of("b", "3"));
        awaitEffects(4);
        requireOrder();
        assertThat(batches()).isEqualTo(2);
    }

    /** What still runs when another fails must not write behind the rollback, where it would stay. */
    @Test
    void aFailureWaitsForTheHandlersThatStillRun() {
        startPipelined((connection, event) -> event.aggregateId().equals("a")
                ? Future.failedFuture(new PoisonEventException("bad"))
                : connection.query("SELECT pg_sleep(0.1)").execute().compose(slept -> effect(connection, event)));
        sendAsOneBatch(TestEvent.of("b", "1"), TestEvent.of("a", "2"));
        await("the poison").until(() -> count(pool, "dead_letter") == 1);
        await("the offsets").until(() -> kafka.committed(group) == 3);
        assertThat(effects()).containsExactly("gate0", "b1");
    }

    @Test
    void withoutTheOptionHandlersNeverOverlap() {
        kafka.create(1);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger runningMax = new AtomicInteger();
        EventConsumer consumer = builder((connection, event) -> behindTheGate(event, () -> {
                    runningMax.accumulateAndGet(running.incrementAndGet(), Math::max);
                    return connection
                            .query("SELECT 1")
                            .execute()
                            .compose(looked -> effect(connection, event))
                            .onComplete(ended -> running.decrementAndGet());
                }))
                .kafkaConfig("client.id", group)
                .build();
        consumers.add(consumer);
        get(consumer.start());
        sendAsOneBatch(TestEvent.of("a", "1"), TestEvent.of("b", "2"), TestEvent.of("c", "3"));
        awaitEffects(4);
        assertThat(runningMax).hasValue(1);
        assertThat(batches()).isEqualTo(2);
    }

    private void startPipelined(EventHandler handler) {
        kafka.create(1);
        EventConsumer consumer = builder(
                        (connection, event) -> event.aggregateId().equals("gate")
                                ? behindTheGate(event, () -> effect(connection, event))
                                : handler.handle(connection, event))
                .kafkaConfig("client.id", group)
                .pipelined()
                .build();
        consumers.add(consumer);
        get(consumer.start());
    }

    private Future<?> behindTheGate(Event event, Supplier<Future<?>> work) {
        if (!event.aggregateId().equals("gate")) {
            return work.get();
        }
        gated.incrementAndGet();
        return gate.future().compose(open -> work.get().mapEmpty());
    }

    /** They wait behind a record whose handler has begun, until all are polled. */
    private void sendAsOneBatch(TestEvent... events) {
        kafka.send(TestEvent.of("gate", "0"));
        await("the gate").until(() -> gated.get() == 1);
        kafka.send(events);
        await("polled").until(() -> KafkaMetrics.recordsPolled(group) == 1 + events.length);
        gate.complete();
    }

    /** The transactions that left effects. */
    private long batches() {
        return count(pool, "(SELECT DISTINCT xmin::text FROM effect) AS transactions");
    }
}
