package dev.doorbell.outbox;

import static dev.doorbell.outbox.TestStack.count;
import static dev.doorbell.outbox.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Who parks a key, who replays it and who looks whether it is parked, on connections that the test steps by hand. What
 * the losing order leaves behind is a dead letter of a key that is free: later records overtake it, and nobody is told.
 */
class ParkedKeyRaceTest extends ConsumerTest {
    private static final Buffer KEY = Buffer.buffer("a");

    private final TestEvent poison = TestEvent.of("a", "poison");
    private final TestEvent later = TestEvent.of("a", "later");
    private BatchTransaction batches;
    private ReplayTransaction replays;

    @BeforeEach
    void handlers() {
        Map<String, EventHandler> handlers = Map.of(TestEvent.TYPE, this::effect);
        batches = new BatchTransaction(group, handlers, Duration.ofDays(16), KeyOrder.SEQUENTIAL, Clock.systemUTC());
        replays = new ReplayTransaction(group, handlers);
    }

    @Test
    void aSuccessorThatWaitedForTheParkingMemberParksBehindIt() {
        Session member = begin();
        get(batches.bury(member.connection, poison.consumed(topic, 0, 0), new PoisonEventException("no")));

        Session successor = begin();
        Future<?> batch =
                batches.run(successor.connection, List.of(poison.consumed(topic, 0, 0), later.consumed(topic, 0, 1)));
        awaitWaiting("INSERT INTO inbox", batch);
        member.commit();
        get(batch);
        successor.commit();

        assertThat(effects()).isEmpty();
        assertThat(deadLetters()).containsExactly("POISON poison", "PARKED later");
    }

    @Test
    void aReplayDoesNotReleaseAKeyBehindWhichARecordIsBeingParked() {
        parkWithoutRecords();
        Session member = begin();
        get(batches.run(member.connection, List.of(later.consumed(topic, 0, 1))));

        Session replay = begin();
        Future<Boolean> ran = replays.next(replay.connection, topic, KEY);
        awaitWaiting("parked_key", ran);
        member.commit();
        assertThat(get(ran)).isTrue();
        replay.commit();

        assertThat(effects()).containsExactly("alater");
        assertThat(deadLetters()).isEmpty();
        assertThat(count(pool, "parked_key")).isEqualTo(1);
    }

    @Test
    void aRecordThatComesWhileItsKeyIsReleasedIsNotParkedBehindNothing() {
        parkWithoutRecords();
        Session replay = begin();
        assertThat(get(replays.next(replay.connection, topic, KEY))).isFalse();

        Session member = begin();
        Future<?> batch = batches.run(member.connection, List.of(later.consumed(topic, 0, 1)));
        awaitWaiting("parked_key", batch);
        replay.commit();
        get(batch);
        member.commit();

        assertThat(effects()).containsExactly("alater");
        assertThat(deadLetters()).isEmpty();
    }

    @Test
    void aKeyStaysParkedUntilTheLastOfItsRecordsIsReplayed() {
        inOne(connection -> batches.bury(connection, poison.consumed(topic, 0, 0), new PoisonEventException("no")));
        inOne(connection -> batches.run(connection, List.of(later.consumed(topic, 0, 1))));
        assertThat(replayNext()).isTrue();

        TestEvent last = TestEvent.of("a", "last");
        inOne(connection -> batches.run(connection, List.of(last.consumed(topic, 0, 2))));
        assertThat(deadLetters()).containsExactly("PARKED later", "PARKED last");

        assertThat(replayNext()).isTrue();
        assertThat(replayNext()).isTrue();
        assertThat(replayNext()).isFalse();
        assertThat(effects()).containsExactly("apoison", "alater", "alast");
        assertThat(count(pool, "parked_key")).isZero();
    }

    @Test
    void whatCannotBeReadParksThoseBehindItInTheSameBatch() {
        ConsumerRecord<byte[], byte[]> unreadable = poison.consumed(topic, 0, 0);
        unreadable.headers().remove("ce_id");
        inOne(connection -> batches.run(connection, List.of(unreadable, later.consumed(topic, 0, 1))));
        assertThat(effects()).isEmpty();
        assertThat(deadLetters()).containsExactly("UNDECODABLE poison", "PARKED later");
    }

    /** The key of what is beyond the horizon is not parked: there is no row of it to queue up at. */
    @Test
    void theSecondOfTwoReplaysFindsTheRecordGone() {
        inOne(connection -> new DeadLetters(group)
                .add(
                        connection,
                        later.consumed(topic, 0, 1),
                        EventDecoder.decode(later.consumed(topic, 0, 1)),
                        DeadLetterReason.BEYOND_DEDUPE_HORIZON,
                        null));
        Session first = begin();
        assertThat(get(replays.next(first.connection, topic, KEY))).isTrue();
        Session second = begin();
        Future<Boolean> again = replays.next(second.connection, topic, KEY);
        awaitWaiting("dead_letter", again);
        first.commit();
        assertThat(get(again)).isFalse();
        second.commit();
        assertThat(effects()).containsExactly("alater");
    }

    private void parkWithoutRecords() {
        inOne(connection -> batches.bury(connection, poison.consumed(topic, 0, 0), new PoisonEventException("no")));
        get(pool.query("DELETE FROM dead_letter").execute());
        assertThat(count(pool, "parked_key")).isEqualTo(1);
    }

    private List<String> deadLetters() {
        List<String> rows = new ArrayList<>();
        get(pool.query("SELECT reason || ' ' || convert_from(record_value, 'UTF8') FROM dead_letter ORDER BY id")
                        .execute())
                .forEach(row -> rows.add(row.getString(0)));
        return rows;
    }

    /** Until it waits for the other session, or has ended because nothing makes it wait. */
    private void awaitWaiting(String query, Future<?> work) {
        String waiting = "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
                + " AND query LIKE '%" + query + "%'";
        await("one session waits for the other").until(() -> count(pool, waiting) == 1 || work.isComplete());
    }

    private boolean replayNext() {
        return inOne(connection -> replays.next(connection, topic, KEY));
    }

    private <T> T inOne(Function<SqlConnection, Future<T>> work) {
        return get(pool.withTransaction(work));
    }

    private Session begin() {
        SqlConnection connection = get(pool.getConnection());
        return new Session(connection, get(connection.begin()));
    }

    private record Session(SqlConnection connection, Transaction transaction) {
        void commit() {
            get(transaction.commit());
            get(connection.close());
        }
    }
}
