package dev.doorbell.outbox;

import static dev.doorbell.outbox.TestStack.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.localstack.OwnedDirectory;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Members come, go and die all the time while events arrive, some of them poison, and somebody replays. */
class RebalanceStormTest extends ConsumerTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int PARTITIONS = 6;
    private static final int KEYS = 12;
    private static final int ROUNDS = 3;
    private static final int MEMBERS_MAX = 3;
    private static final int WAITING_MAX = 200;

    private final AtomicBoolean mended = new AtomicBoolean();
    private final Set<String> processes = new HashSet<>();
    private int membersMade;

    @Test
    void everyEventHasOneEffectInTheOrderOfItsKeyAndTheGroupComesToRest() throws Exception {
        kafka.create(PARTITIONS);
        Deque<TestMember> members = new ArrayDeque<>();
        AtomicInteger sent = new AtomicInteger();
        AtomicBoolean storm = new AtomicBoolean(true);
        try (OwnedDirectory owner = OwnedDirectory.create("members")) {
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> load(sent, storm));
            members.add(join());
            for (int round = 0; round < ROUNDS; round++) {
                Process doomed = MemberProgram.start(this, owner);
                members.add(join());
                awaitJoined();
                int before = sent.get();
                await("events during the round").atMost(LIMIT).until(() -> {
                    if (load.isCompletedExceptionally()) {
                        load.join();
                    }
                    return sent.get() > before + 100;
                });
                if (members.size() > MEMBERS_MAX) {
                    members.remove().close();
                }
                doomed.destroyForcibly().onExit().join();
                mended.set(round >= ROUNDS / 2);
                members.peekLast().consumer.replay(topic, "k0");
            }
            storm.set(false);
            load.get();
        }
        int remaining = members.size();
        await("the group is in balance")
                .during(Duration.ofMillis(500))
                .atMost(LIMIT)
                .until(() -> kafka.members(group).size() == remaining);
        await("everything is processed").atMost(LIMIT).until(() -> kafka.committed(group) == sent.get());
        TestStack.get(members.peek().consumer.replay(topic, "k0"));
        awaitEffects(sent.get());
        members.forEach(TestMember::close);
        assertThat(count(pool, "dead_letter") + count(pool, "parked_key")).isZero();
        requireOrder();
    }

    /** A process that was not in the group before, so that its kill hits a member. */
    private void awaitJoined() {
        await("a process has joined")
                .atMost(LIMIT)
                .until(() -> kafka.members(group).stream()
                        .filter(member -> !member.client().startsWith("member"))
                        .anyMatch(member -> processes.add(member.id())));
    }

    private TestMember join() {
        return new TestMember(
                        "member" + membersMade++,
                        this,
                        this::poisonAtFirst,
                        options -> options.kafkaConfig("session.timeout.ms", "1500")
                                .kafkaConfig("heartbeat.interval.ms", "300"))
                .start();
    }

    /** One event of the key k0 is poison until somebody has mended its handler. */
    private Future<?> poisonAtFirst(SqlConnection connection, Event event) {
        return event.aggregateId().equals("k0") && event.payload().toString().equals("36") && !mended.get()
                ? Future.failedFuture(new PoisonEventException("not yet"))
                : effect(connection, event);
    }

    private void load(AtomicInteger sent, AtomicBoolean storm) {
        Random random = new Random(1);
        while (storm.get()) {
            int burst = 1 + random.nextInt(KEYS);
            TestEvent[] events = new TestEvent[burst];
            for (int i = 0; i < burst; i++) {
                int number = sent.get() + i;
                events[i] = TestEvent.of("k" + number % KEYS, String.valueOf(number));
            }
            kafka.send(events);
            sent.addAndGet(burst);
            // The coordinator of a group that is just being made may not answer yet.
            await("the members keep up")
                    .atMost(LIMIT)
                    .ignoreExceptions()
                    .until(() -> kafka.committed(group) > sent.get() - WAITING_MAX);
        }
    }
}
