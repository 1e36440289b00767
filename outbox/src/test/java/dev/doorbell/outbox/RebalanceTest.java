package dev.doorbell.outbox;

import static dev.doorbell.outbox.TestStack.count;
import static dev.doorbell.outbox.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a member does with a partition that is taken away from it, and how it keeps those that it has. */
class RebalanceTest extends ConsumerTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final List<TestMember> members = new ArrayList<>();
    private final Promise<Void> gate = Promise.promise();

    @AfterEach
    void end() {
        gate.tryComplete();
        members.forEach(TestMember::close);
    }

    @Test
    void aMemberBeginsNothingMoreOnAPartitionThatItHasLost() {
        kafka.create(2);
        int events = 450;
        send(0, 0, events);
        send(1, 0, events);
        TestMember first = gated("first");
        await("a batch of each partition is in work").until(() -> first.handled.size() == 2);
        TestMember second = member("second");
        int moved = awaitMovedTo(second);
        awaitWaitingClaim();

        gate.complete();
        awaitEffects(2 * events);
        await("offsets committed").atMost(LIMIT).until(() -> kafka.committed(group) == 2L * events);

        long ranByFirst = first.handled.stream()
                .filter(event -> event.partition() == moved)
                .count();
        // A batch has 200 records at most; what waited behind it is the second member's.
        assertThat(ranByFirst).isBetween(1L, 200L);
        assertThat(first.repeats).isEmpty();
        requireOrder();
    }

    @Test
    void anOffsetOfALostPartitionIsNotCommittedOverTheSuccessors() throws Exception {
        kafka.create(2);
        send(0, 0, 1);
        send(1, 0, 1);
        TestMember first = gated("first");
        await("both partitions are in work").until(() -> first.handled.size() == 2);
        TestMember second = member("second");
        int moved = awaitMovedTo(second);
        awaitWaitingClaim();
        send(moved, 1, 6);

        first.freezeAfterCommitOf(moved);
        gate.complete();
        first.awaitFrozen();
        await("the second member has committed").atMost(LIMIT).until(() -> kafka.committed(group, moved) == 6);

        first.thaw();
        send(1 - moved, 1, 2);
        await("the first member has committed").atMost(LIMIT).until(() -> kafka.committed(group, 1 - moved) == 2);
        assertThat(kafka.committed(group, moved)).isEqualTo(6);
        awaitEffects(8);
        requireOrder();
    }

    @Test
    void aPartitionWhoseRecordsPileUpIsPausedAndItsMemberStays() {
        kafka.create(1);
        int events = PartitionWorker.QUEUED_MAX + 1_500;
        send(0, 0, events);
        Duration pollInterval = Duration.ofMillis(1_500);
        TestMember member = new TestMember(
                "slow-" + group,
                this,
                (connection, event) -> gate.future().compose(opened -> effect(connection, event)),
                options -> options.handlerTimeout(Duration.ofSeconds(60))
                        .kafkaConfig("max.poll.interval.ms", String.valueOf(pollInterval.toMillis()))
                        .kafkaConfig("session.timeout.ms", "1500")
                        .kafkaConfig("heartbeat.interval.ms", "300"));
        members.add(member);
        member.start();
        await("the queue is full").until(() -> polled(member, events) >= PartitionWorker.QUEUED_MAX);
        List<TestTopic.Member> before = kafka.members(group);
        assertThat(before).hasSize(1);

        await("neither more records nor another life of the member")
                .during(pollInterval.multipliedBy(2))
                .atMost(pollInterval.multipliedBy(4))
                .until(() -> polled(member, events) <= PartitionWorker.QUEUED_MAX + 700
                        && kafka.members(group).equals(before));

        gate.complete();
        awaitEffects(events);
        await("offset committed").until(() -> kafka.committed(group) == events);
        assertThat(member.repeats).isEmpty();
        requireOrder();
    }

    private double polled(TestMember member, int events) {
        return events - KafkaMetrics.recordsLag(member.name, topic, 0);
    }

    /** By a member that takes over in mid-work, not by one that begins after the other's orderly end. */
    @Test
    void aKeyThatOneMemberParkedStaysParkedWhenItsPartitionMoves() {
        kafka.create(2);
        sendPoison(0);
        sendPoison(1);
        TestMember first = new TestMember("first", this, this::failOnPoison).start();
        members.add(first);
        await("both keys are parked").atMost(LIMIT).until(() -> count(pool, "parked_key") == 2);
        TestMember second = new TestMember("second", this, this::failOnPoison).start();
        members.add(second);
        int moved = awaitMovedTo(second);
        send(moved, 0, 3);
        kafka.sendTo(moved, TestEvent.of("healthy", "1"));
        awaitEffects(1);
        await("parked").atMost(LIMIT).until(() -> count(pool, "dead_letter WHERE reason = 'PARKED'") == 3);
        assertThat(effects()).containsExactly("healthy1");

        // By the member that has lost the partition, and in vain; then by the other.
        assertThatThrownBy(() -> get(first.consumer.replay(topic, key(moved)))).hasMessage("no");
        boolean discarded = get(second.consumer.discardFirst(topic, key(moved)));
        assertThat(discarded).isTrue();
        assertThat(get(first.consumer.replay(topic, key(moved)))).isEqualTo(3);
        send(moved, 3, 4);
        awaitEffects(5);
        requireOrder();
    }

    private Future<?> failOnPoison(SqlConnection connection, Event event) {
        return event.payload().toString().equals("poison")
                ? Future.failedFuture(new PoisonEventException("no"))
                : effect(connection, event);
    }

    private void sendPoison(int partition) {
        kafka.sendTo(partition, TestEvent.of(key(partition), "poison"));
    }

    private TestMember gated(String name) {
        TestMember member = new TestMember(
                name,
                this,
                (connection, event) -> gate.future().compose(opened -> effect(connection, event)),
                options -> options.handlerTimeout(Duration.ofSeconds(60)));
        members.add(member);
        return member.start();
    }

    private TestMember member(String name) {
        TestMember member = new TestMember(name, this, this::effect);
        members.add(member);
        return member.start();
    }

    /** @return the partition that it was given */
    private int awaitMovedTo(TestMember second) {
        await("each member has a partition").atMost(LIMIT).until(() -> {
            List<TestTopic.Member> present = kafka.members(group);
            return present.size() == 2
                    && present.stream().allMatch(member -> member.partitions().size() == 1);
        });
        Map<String, Set<Integer>> partitions = kafka.members(group).stream()
                .collect(Collectors.toMap(TestTopic.Member::client, TestTopic.Member::partitions));
        return partitions.get(second.name).iterator().next();
    }

    private void awaitWaitingClaim() {
        await("the second member waits for the inbox rows of the first")
                .atMost(LIMIT)
                .until(() -> count(
                                pool,
                                "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
                                        + " AND query LIKE 'INSERT INTO inbox%'")
                        == 1);
    }

    private void send(int partition, int from, int to) {
        kafka.sendTo(
                partition,
                Stream.iterate(from, i -> i < to, i -> i + 1)
                        .map(i -> TestEvent.of(key(partition), String.valueOf(i)))
                        .toArray(TestEvent[]::new));
    }

    private static String key(int partition) {
        return "key" + partition;
    }
}
