package dev.doorbell.outbox;

import static dev.doorbell.outbox.TestStack.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.localstack.OwnedDirectory;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The two commits of a consumer, the database's and then the offset's, and a crash between them. */
class CrashTest extends ConsumerTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int CRASHES = 3;
    private static final int EVENTS = 20;

    private OwnedDirectory owner;

    @BeforeEach
    void open() {
        owner = OwnedDirectory.create("members");
    }

    @AfterEach
    void close() {
        owner.close();
    }

    @Test
    void aCrashBetweenTheCommitsRepeatsButDoublesNothing() throws Exception {
        kafka.create(1);
        for (int crash = 0; crash < CRASHES; crash++) {
            send(crash * EVENTS, (crash + 1) * EVENTS);
            MemberProgram.killAt(owner, "consumer.committed");
            Process member = MemberProgram.start(this, owner);
            assertThat(MemberProgram.exitCode(member)).isEqualTo(137);
            // What is in the database is not in the group's offset: that is what the inbox is for.
            assertThat(count(pool, "effect")).isGreaterThan(kafka.committed(group));
        }
        Process last = MemberProgram.start(this, owner);
        await("all offsets are committed").atMost(LIMIT).until(() -> kafka.committed(group) == CRASHES * EVENTS);
        last.destroyForcibly().onExit().join();
        awaitEffects(CRASHES * EVENTS);
        requireOrder();
    }

    @Test
    void noOffsetIsCommittedOfWhatTheDatabaseHasNot() {
        kafka.create(2);
        Promise<Void> gate = Promise.promise();
        start((connection, event) -> event.partition() == 0
                ? gate.future().compose(opened -> effect(connection, event))
                : effect(connection, event));
        kafka.sendTo(0, TestEvent.of("slow", "1"), TestEvent.of("slow", "2"));
        kafka.sendTo(1, TestEvent.of("quick", "1"));
        await("the other partition's offset is committed").until(() -> kafka.committed(group, 1) == 1);
        kafka.sendTo(1, TestEvent.of("quick", "2"));
        await("and again").until(() -> kafka.committed(group, 1) == 2);
        assertThat(kafka.committed(group, 0)).isZero();
        gate.complete();
        await("the slow one's too").until(() -> kafka.committed(group, 0) == 2);
        assertThat(effects()).isEqualTo(List.of("quick1", "quick2", "slow1", "slow2"));
    }

    private void send(int from, int to) {
        kafka.sendTo(
                0,
                IntStream.range(from, to)
                        .mapToObj(i -> TestEvent.of("k" + i % 3, String.valueOf(i)))
                        .toArray(TestEvent[]::new));
    }
}
