package dev.doorbell.outbox;

import static dev.doorbell.outbox.TestStack.count;
import static dev.doorbell.outbox.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.SqlConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Order, repeats, offsets, retries, start and stop. */
class EventConsumerTest extends ConsumerTest {
    @Test
    void eventsOfAKeyTakeEffectInOrderAndRepeatsDoNot() {
        kafka.create(1);
        start(this::effect);
        TestEvent first = TestEvent.of("a", "1");
        kafka.send(first, TestEvent.of("a", "2"), first, TestEvent.of("b", "3"), first);
        awaitEffects(3);
        await("repeats counted").until(() -> counts.duplicates.get() == 2);
        assertThat(effects()).containsExactly("a1", "a2", "b3");
        assertThat(count(pool, "inbox WHERE consumer = '" + group + "'")).isEqualTo(3);
    }

    @Test
    void aRepeatInALaterLifeOfTheConsumerHasNoEffect() {
        kafka.create(2);
        EventConsumer consumer = start(this::effect);
        for (int i = 0; i < 20; i++) {
            kafka.send(TestEvent.of("k" + i % 5, "" + i));
        }
        awaitEffects(20);
        get(consumer.stop());
        // As if the crash had come between the database's commit and the offset's.
        kafka.forgetOffsets(group);
        start(this::effect);
        await("all read again").until(() -> counts.duplicates.get() == 20);
        assertThat(effects()).hasSize(20);
    }

    @Test
    void anOffsetIsCommittedOnlyAfterTheDatabase() {
        kafka.create(1);
        Promise<Void> gate = Promise.promise();
        Promise<Void> entered = Promise.promise();
        start((connection, event) -> {
            entered.tryComplete();
            return gate.future().compose(opened -> effect(connection, event));
        });
        kafka.send(TestEvent.of("a", "1"));
        get(entered.future());
        assertThat(kafka.committed(group)).isZero();
        gate.complete();
        await("offset committed").until(() -> kafka.committed(group) == 1);
        assertThat(effects()).containsExactly("a1");
    }

    @Test
    void aStopLetsTheTransactionInWorkFinishAndBeginsNoOther() {
        kafka.create(1);
        Promise<Void> gate = Promise.promise();
        AtomicInteger begun = new AtomicInteger();
        EventConsumer consumer = builder((connection, event) -> {
                    begun.incrementAndGet();
                    return gate.future().compose(opened -> effect(connection, event));
                })
                .kafkaConfig("client.id", group)
                .build();
        consumers.add(consumer);
        get(consumer.start());
        kafka.send(TestEvent.of("a", "1"));
        await("the first is in work").until(() -> begun.get() == 1);
        kafka.send(TestEvent.of("a", "2"));
        await("the second waits behind it").until(() -> KafkaMetrics.recordsLag(group, topic, 0) == 0);
        Future<Void> stopped = consumer.stop();
        assertThat(stopped.isComplete()).isFalse();
        gate.complete();
        get(stopped);
        await("no other begins").during(Duration.ofMillis(500)).until(() -> begun.get() == 1);
        assertThat(effects()).containsExactly("a1");
        assertThat(kafka.committed(group)).isEqualTo(1);
        start(this::effect);
        awaitEffects(2);
    }

    @Test
    void aConsumerThatDoesNotGetOnSaysForHowLong() {
        kafka.create(1);
        AtomicInteger broken = new AtomicInteger(1);
        EventConsumer consumer = start((connection, event) ->
                broken.get() == 1 ? Future.failedFuture(new IOException("away")) : effect(connection, event));
        assertThat(consumer.stalledFor()).isZero();
        kafka.send(TestEvent.of("a", "1"));
        await("stalled").until(() -> !consumer.stalledFor().isZero());
        broken.set(0);
        awaitEffects(1);
        await("going on").until(() -> consumer.stalledFor().isZero());
    }

    @Test
    void aCauseThatMayPassIsRetriedAndNothingIsSkipped() {
        kafka.create(1);
        AtomicInteger failures = new AtomicInteger(4);
        start((connection, event) -> failures.getAndDecrement() > 0
                ? connection
                        .query("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$")
                        .execute()
                : effect(connection, event));
        kafka.send(TestEvent.of("a", "1"), TestEvent.of("a", "2"));
        awaitEffects(2);
        assertThat(effects()).containsExactly("a1", "a2");
        assertThat(counts.retries).hasPositiveValue();
        assertThat(count(pool, "dead_letter")).isZero();
    }

    @Test
    void aHandlerThatNeverEndsIsTriedAgain() {
        kafka.create(1);
        AtomicInteger calls = new AtomicInteger();
        consumers.add(builder((connection, event) ->
                        calls.incrementAndGet() == 1 ? Promise.promise().future() : effect(connection, event))
                .handlerTimeout(Duration.ofMillis(200))
                .build());
        consumers.get(0).start();
        kafka.send(TestEvent.of("a", "1"));
        awaitEffects(1);
        assertThat(calls).hasValue(2);
    }

    @Test
    void aHandlerThatWasGivenUpCanNoLongerWrite() {
        kafka.create(1);
        Promise<SqlConnection> kept = Promise.promise();
        consumers.add(builder((connection, event) ->
                        kept.tryComplete(connection) ? Promise.promise().future() : effect(connection, event))
                .handlerTimeout(Duration.ofMillis(200))
                .build());
        consumers.get(0).start();
        kafka.send(TestEvent.of("a", "1"));
        awaitEffects(1);
        Future<?> late = kept.future()
                .compose(connection -> connection
                        .query("INSERT INTO effect (key, payload) VALUES ('a', 'late')")
                        .execute());
        await("the late write has ended").until(late::isComplete);
        assertThat(effects()).containsExactly("a1");
        assertThat(late.failed()).isTrue();
    }

    @Test
    void aTopicWithoutAnEndOfItsRecordsIsRefusedUnlessItIsAllowed() {
        kafka.create(1, Map.of("retention.ms", "-1"));
        kafka.send(TestEvent.of("a", "1"));
        EventConsumer consumer = builder(this::effect).build();
        consumers.add(consumer);
        assertThatThrownBy(() -> get(consumer.start())).isInstanceOf(InboxHorizonException.class);
        EventConsumer allowed = builder(this::effect).allowUnboundedTopics().build();
        consumers.add(allowed);
        get(allowed.start());
        awaitEffects(1);
    }

    /** The oldest record of a segment goes with the newest. */
    @Test
    void theSpanOfASegmentCountsToWhatATopicKeeps() {
        String days12 = String.valueOf(Duration.ofDays(12).toMillis());
        String days7 = String.valueOf(Duration.ofDays(7).toMillis());
        kafka.create(1, Map.of("retention.ms", days12, "segment.ms", days7));
        EventConsumer consumer = builder(this::effect).build();
        consumers.add(consumer);
        assertThatThrownBy(() -> get(consumer.start())).isInstanceOf(InboxHorizonException.class);
    }

    @Test
    void aTopicThatOutlivesTheInboxIsRefusedBeforeConsuming() {
        kafka.create(
                1, Map.of("retention.ms", String.valueOf(Duration.ofDays(30).toMillis())));
        kafka.send(TestEvent.of("a", "1"));
        EventConsumer consumer = builder(this::effect).build();
        consumers.add(consumer);
        assertThatThrownBy(() -> get(consumer.start()))
                .isInstanceOf(InboxHorizonException.class)
                .hasMessageContaining(topic);
        assertThat(count(pool, "inbox")).isZero();
    }

    @Test
    void aTopicThatComesLaterIsConsumedFromItsBeginning() {
        EventConsumer consumer = builder(this::effect).build();
        consumers.add(consumer);
        Future<Void> started = consumer.start();
        assertThat(get(consumer.lag().ends()).logs()).isEmpty();
        assertThat(started.isComplete()).isFalse();
        kafka.create(1);
        kafka.send(TestEvent.of("a", "1"));
        awaitEffects(1);
        get(started);
    }

    @Test
    void moreThanTheQueueHoldsIsNotLost() {
        kafka.create(1);
        int events = PartitionWorker.QUEUED_MAX * 3;
        for (int i = 0; i < events; i++) {
            kafka.send(TestEvent.of("k" + i % 7, "" + i));
        }
        start(this::effect);
        awaitEffects(events);
        await("offset committed").until(() -> kafka.committed(group) == events);
        EventConsumer consumer = consumers.get(0);
        assertThat(get(consumer.lag().ends().compose(consumer.lag()::behind))).isZero();
    }

    @Test
    void twoMembersShareTheWorkAndNothingTakesEffectTwice() {
        kafka.create(4);
        start(this::effect);
        for (int i = 0; i < 200; i++) {
            kafka.send(TestEvent.of("k" + i % 16, "" + i));
        }
        start(this::effect);
        for (int i = 200; i < 400; i++) {
            kafka.send(TestEvent.of("k" + i % 16, "" + i));
        }
        awaitEffects(400);
        get(consumers.get(0).stop());
        kafka.send(TestEvent.of("k1", "last"));
        awaitEffects(401);
        assertThat(count(pool, "(SELECT event_id FROM effect GROUP BY event_id HAVING count(*) > 1) AS twice"))
                .isZero();
        assertThat(count(
                        pool,
                        "(SELECT payload::int < lag(payload::int) OVER (PARTITION BY key ORDER BY n) AS back "
                                + "FROM effect WHERE payload <> 'last') AS steps WHERE back"))
                .isZero();
    }
}
