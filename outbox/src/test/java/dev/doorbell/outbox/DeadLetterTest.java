package dev.doorbell.outbox;

import static dev.doorbell.outbox.TestStack.count;
import static dev.doorbell.outbox.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** What cannot be processed, and what a person does about it. */
class DeadLetterTest extends ConsumerTest {
    @Test
    void poisonParksItsKeyAndOtherKeysGoOn() {
        kafka.create(1);
        start((connection, event) -> event.payload().toString().equals("poison")
                ? Future.failedFuture(new PoisonEventException("cannot be"))
                : effect(connection, event));
        TestEvent poison = TestEvent.of("a", "poison");
        kafka.send(
                TestEvent.of("b", "0"), poison, TestEvent.of("a", "2"), TestEvent.of("b", "3"), TestEvent.of("a", "4"));
        await("dead letters").until(() -> count(pool, "dead_letter") == 3);
        awaitEffects(2);
        assertThat(effects()).containsExactly("b0", "b3");
        List<String> rows = new ArrayList<>();
        get(pool.query("""
                                SELECT reason || ' ' || kafka_offset || ' ' || convert_from(record_value, 'UTF8') || ' '
                                       || coalesce(cause, '-') AS line
                                FROM dead_letter ORDER BY kafka_offset
                                """).execute()).forEach(row -> rows.add(row.getString(0)));
        assertThat(rows).containsExactly("POISON 1 poison cannot be", "PARKED 2 2 -", "PARKED 4 4 -");
        assertThat(count(pool, "parked_key WHERE convert_from(record_key, 'UTF8') = 'a'"))
                .isEqualTo(1);
        assertThat(count(pool, "outbox WHERE topic = '" + topic + ".DLT' AND aggregate_id = 'a'"))
                .isEqualTo(3);
        assertThat(count(pool, "inbox WHERE event_id = '" + poison.id() + "'")).isEqualTo(1);
        // In the database, not in memory: the next life of the consumer parks too.
        kafka.send(TestEvent.of("a", "5"));
        await("parked").until(() -> count(pool, "dead_letter WHERE reason = 'PARKED'") == 3);
    }

    @Test
    void aReplayRunsAParkedKeyInItsOrderAndReleasesIt() {
        kafka.create(1);
        AtomicInteger broken = new AtomicInteger(1);
        EventConsumer consumer =
                start((connection, event) -> event.payload().toString().equals("2") && broken.get() == 1
                        ? Future.failedFuture(new PoisonEventException("not yet"))
                        : effect(connection, event));
        kafka.send(TestEvent.of("a", "1"), TestEvent.of("a", "2"), TestEvent.of("a", "3"), TestEvent.of("b", "4"));
        await("dead letters").until(() -> count(pool, "dead_letter") == 2);
        assertThatThrownBy(() -> get(consumer.replay(topic, "a"))).hasMessage("not yet");
        assertThat(count(pool, "dead_letter")).isEqualTo(2);
        broken.set(0);
        assertThat(get(consumer.replay(topic, "a"))).isEqualTo(2);
        assertThat(count(pool, "dead_letter")).isZero();
        assertThat(count(pool, "parked_key")).isZero();
        kafka.send(TestEvent.of("a", "5"));
        awaitEffects(5);
        assertThat(effects()).containsSubsequence("a1", "a2", "a3", "a5");
        assertThat(get(consumer.replay(topic, "a"))).isZero();
    }

    @Test
    void aRecordThatComesDuringAReplayIsNotLeftBehind() {
        kafka.create(1);
        Promise<Void> gate = Promise.promise();
        Promise<Void> replaying = Promise.promise();
        AtomicInteger calls = new AtomicInteger();
        EventConsumer consumer = start((connection, event) -> {
            if (!event.payload().toString().equals("poison")) {
                return effect(connection, event);
            }
            if (calls.incrementAndGet() <= 2) {
                // Once in the batch and once alone.
                return Future.failedFuture(new PoisonEventException("not yet"));
            }
            replaying.tryComplete();
            return gate.future().compose(opened -> effect(connection, event));
        });
        kafka.send(TestEvent.of("a", "poison"));
        await("dead letter").until(() -> count(pool, "dead_letter") == 1);
        Future<Integer> replay = consumer.replay(topic, "a");
        get(replaying.future());
        kafka.send(TestEvent.of("a", "behind"));
        await("the consumer waits for the replay")
                .until(() ->
                        count(pool, "pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%parked_key%'")
                                == 1);
        gate.complete();
        get(replay);
        awaitEffects(2);
        get(consumer.replay(topic, "a"));
        assertThat(effects()).containsExactly("apoison", "abehind");
        assertThat(count(pool, "parked_key") + count(pool, "dead_letter")).isZero();
    }

    @Test
    void aRecordThatIsHardToStoreIsBuriedAllTheSame() {
        kafka.create(1);
        start((connection, event) -> Future.failedFuture(new PoisonEventException("a \0 in the message")));
        byte[] longKey = new byte[5_000];
        new Random(1).nextBytes(longKey);
        for (byte[] key : List.of(new byte[] {0, 1, 2}, new byte[] {(byte) 0xFF, 7}, longKey)) {
            ProducerRecord<byte[], byte[]> plain = TestEvent.of("a", "1").record(topic);
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(topic, null, 1L, key, plain.value(), plain.headers());
            record.headers().add("trace\0parent", new byte[] {0}).add("traceparent", "x\0y".getBytes());
            kafka.send(record);
        }
        await("all buried").until(() -> count(pool, "dead_letter WHERE reason = 'POISON'") == 3);
        assertThat(count(pool, "parked_key")).isEqualTo(3);
        assertThat(count(pool, "outbox WHERE aggregate_id = '" + topic + "-0'")).isEqualTo(3);
        await("offset committed").until(() -> kafka.committed(group) == 3);
    }

    @Test
    void aRecordAtAnOldPositionOfATopicMadeAnewIsKeptToo() {
        DeadLetters deadLetters = new DeadLetters(group);
        for (TestEvent event : List.of(TestEvent.of("a", "first life"), TestEvent.of("a", "second life"))) {
            for (int read = 0; read < 2; read++) {
                ConsumerRecord<byte[], byte[]> record = event.consumed(topic, 0, 7);
                get(pool.withTransaction(connection -> deadLetters.add(
                        connection, record, EventDecoder.decode(record), DeadLetterReason.POISON, "no")));
            }
        }
        assertThat(count(pool, "dead_letter")).isEqualTo(2);
    }

    @Test
    void aRecordThatCanNeverBeProcessedIsDiscardedAndThoseBehindItGoOn() {
        kafka.create(1);
        EventConsumer consumer =
                start((connection, event) -> event.payload().toString().equals("never")
                        ? Future.failedFuture(new PoisonEventException("never"))
                        : effect(connection, event));
        kafka.send(TestEvent.of("a", "never"), TestEvent.of("a", "2"));
        await("dead letters").until(() -> count(pool, "dead_letter") == 2);
        assertThat(get(consumer.discardFirst(topic, "a"))).isTrue();
        assertThat(get(consumer.replay(topic, "a"))).isEqualTo(1);
        assertThat(effects()).containsExactly("a2");
        assertThat(count(pool, "parked_key") + count(pool, "dead_letter")).isZero();
        assertThat(get(consumer.discardFirst(topic, "a"))).isFalse();
    }

    @Test
    void twoReplaysAtOnceRunARecordOnceAndItsCopiesNever() {
        kafka.create(1);
        EventConsumer consumer = start(this::effect);
        Clock past = Clock.fixed(Instant.now().minus(Duration.ofDays(17)), ZoneOffset.UTC);
        TestEvent old = TestEvent.of("a", "old").withId(UuidV7.create(past));
        kafka.send(old, old);
        await("dead letters").until(() -> count(pool, "dead_letter") == 2);
        Future<Integer> first = consumer.replay(topic, "a");
        Future<Integer> second = consumer.replay(topic, "a");
        assertThat(get(first) + get(second)).isEqualTo(1);
        assertThat(effects()).containsExactly("aold");
    }

    @Test
    void anErrorOfTheDatabaseThatRepeatingCannotMendIsPoisonWithoutItsValues() {
        kafka.create(1);
        start((connection, event) -> connection.query("SELECT 'sesame'::int").execute());
        kafka.send(TestEvent.of("a", "1"));
        await("dead letter").until(() -> count(pool, "dead_letter WHERE cause = 'PostgreSQL error 22P02'") == 1);
    }

    @Test
    void whatIsNoEventIsDeadLetteredWholeAndWhatNobodyHandlesIsSkipped() {
        kafka.create(1);
        start(this::effect);
        ProducerRecord<byte[], byte[]> withoutId = TestEvent.of("a", "no id").record(topic);
        withoutId.headers().remove("ce_id");
        ProducerRecord<byte[], byte[]> randomId = TestEvent.of("b", "v4").record(topic);
        randomId.headers()
                .remove("ce_id")
                .add("ce_id", UUID.randomUUID().toString().getBytes());
        kafka.send(withoutId, randomId, new ProducerRecord<>(topic, "c".getBytes(), null));
        kafka.send(TestEvent.of("d", "?").withType("Unknown"), TestEvent.of("a", "behind"), TestEvent.of("e", "fine"));
        awaitEffects(1);
        assertThat(effects()).containsExactly("efine");
        // In a batch of its own: the key is parked in the table, not only in that batch.
        kafka.send(TestEvent.of("a", "later"), TestEvent.of("g", "fine"));
        awaitEffects(2);
        assertThat(counts.unhandled).containsOnlyKeys("Unknown", "tombstone");
        assertThat(count(pool, "dead_letter WHERE reason = 'UNDECODABLE' AND cause LIKE '%ce_id%'"))
                .isEqualTo(2);
        assertThat(count(pool, "dead_letter WHERE reason = 'PARKED'")).isEqualTo(2);
        assertThat(get(pool.query("SELECT record_headers::text FROM dead_letter ORDER BY kafka_offset LIMIT 1")
                                .execute())
                        .iterator()
                        .next()
                        .getString(0))
                .contains("ce_type")
                .doesNotContain("ce_id");
    }

    @Test
    void anEventOlderThanTheInboxRemembersIsNotRun() {
        kafka.create(1);
        start(this::effect);
        Clock past = Clock.fixed(Instant.now().minus(Duration.ofDays(17)), ZoneOffset.UTC);
        kafka.send(TestEvent.of("a", "old").withId(UuidV7.create(past)), TestEvent.of("a", "new"));
        awaitEffects(1);
        assertThat(effects()).containsExactly("anew");
        assertThat(count(pool, "dead_letter WHERE reason = 'BEYOND_DEDUPE_HORIZON'"))
                .isEqualTo(1);
        assertThat(count(pool, "parked_key")).isZero();
    }
}
