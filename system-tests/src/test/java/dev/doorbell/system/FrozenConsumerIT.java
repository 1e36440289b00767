package dev.doorbell.system;

import static dev.doorbell.system.harness.Registrations.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.messages.EventTypes;
import dev.doorbell.system.harness.ConsumerGroup;
import dev.doorbell.system.harness.Database;
import dev.doorbell.system.harness.NewRegistration;
import dev.doorbell.system.harness.Registrations;
import dev.doorbell.system.harness.RunningSystem;
import dev.doorbell.system.harness.ServiceJar;
import dev.doorbell.system.harness.ServiceProcess;
import dev.doorbell.system.harness.SystemExtension;
import dev.doorbell.system.harness.TableLock;
import dev.doorbell.system.harness.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A second member of the payment service's group that stands still for longer than its time-outs and comes back as a
 * zombie, or dies. The first one goes on within a bound, and whoever registers meanwhile has one payment and one end.
 */
@ExtendWith(SystemExtension.class)
@DisabledOnOs(OS.WINDOWS)
class FrozenConsumerIT {
    private static final String GROUP = "payment-verticle";
    /** Enough for every partition to get some. */
    private static final int REGISTRATIONS = 24;
    /** kill -9. */
    private static final Duration RECOVERY_MAX = Duration.ofSeconds(10);
    /** PostgreSQL's idle_in_transaction_session_timeout of 10 s, and what is then done again. */
    private static final Duration RECOVERY_MAX_IN_TRANSACTION = Duration.ofSeconds(15);
    /** How many kills: a figure needs more of them than a test. */
    private static final int KILLS = Integer.getInteger("doorbell.kills", 1);

    private static final String WAITING = """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ILIKE '%INSERT INTO payment%'
            """;
    private static final String IDLE_IN_TRANSACTION = """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'idle in transaction'
              AND state_change < clock_timestamp() - interval '500 ms'
            """;
    private static final String ENDS = "SELECT count(*) FROM outbox WHERE aggregate_id = ? AND event_type IN (?, ?)";

    private final RunningSystem system;
    private final Registrations registrations;
    private final Database payments;
    private ServiceProcess second;
    private ConsumerGroup group;
    private long deadLettersBefore;

    FrozenConsumerIT(RunningSystem system) {
        this.system = system;
        this.registrations = system.registrations();
        this.payments = system.payments();
    }

    @BeforeEach
    void twoMembers() {
        system.ensureRunning();
        group = new ConsumerGroup(system.environment(ServiceJar.PAYMENT).get("KAFKA_BOOTSTRAP_SERVERS"), GROUP);
        assertSettledOnce(register(1));
        startSecond();
        deadLettersBefore = deadLetters();
    }

    @AfterEach
    void oneMember() {
        second.thaw();
        second.kill();
        system.endOthers();
        group.close();
    }

    private void startSecond() {
        second = system.startAnother(ServiceJar.PAYMENT, Map.of()).awaitReady();
        awaitTwoMembers();
    }

    private void awaitTwoMembers() {
        Waiting.until("two members share the partitions")
                .until(() -> group.partitionsPerMember().equals(List.of(3, 3)));
    }

    /** Out of a transaction, with records in its queue, after the database's commit and before the offset's. */
    @Test
    void memberFrozenBetweenTheCommitsIsSucceededAndRepeatsNothing() {
        double duplicatesBefore = system.service(ServiceJar.PAYMENT).metric("doorbell_consumer_duplicates_total");
        second.failpoint("consumer.committed", "freeze");
        List<UUID> ids = TableLock.hold(system.databaseUrl("payments"), "payment", () -> {
            List<UUID> accepted = register(REGISTRATIONS);
            Waiting.until("handlers wait and records queue up behind them")
                    .until(() ->
                            payments.number(WAITING) >= 4 && system.settlement().published(system.customers()));
            return accepted;
        });
        second.awaitFailpoint("consumer.committed");
        second.awaitFrozen();
        // On another of its partitions it may stand inside a transaction.
        awaitSettled(ids, RECOVERY_MAX_IN_TRANSACTION);
        assertThat(system.service(ServiceJar.PAYMENT).metric("doorbell_consumer_duplicates_total"))
                .as("what the frozen member had committed in the database alone")
                .isGreaterThan(duplicatesBefore);
        comesBackAsAZombie(ids);
    }

    /** Holds inbox rows that its successor waits for. */
    @Test
    void memberFrozenInsideItsTransactionLosesItAndItsSuccessorGoesOn() {
        List<UUID> ids = TableLock.hold(system.databaseUrl("payments"), "payment", () -> {
            List<UUID> accepted = register(REGISTRATIONS);
            Waiting.until("both members' handlers wait in a statement").until(() -> payments.number(WAITING) >= 4);
            second.freeze();
            return accepted;
        });
        Waiting.until("a transaction of the frozen member stands open")
                .until(() -> payments.number(IDLE_IN_TRANSACTION) >= 1);
        awaitSettled(ids, RECOVERY_MAX_IN_TRANSACTION);
        assertThat(payments.number(IDLE_IN_TRANSACTION)).isZero();
        comesBackAsAZombie(ids);
    }

    @Test
    void groupGoesOnWithinTenSecondsOfAKill() throws IOException {
        List<Long> recoveriesMs = new ArrayList<>();
        for (int kill = 0; kill < KILLS; kill++) {
            if (kill > 0) {
                startSecond();
            }
            long killedAt = System.nanoTime();
            second.kill();
            List<UUID> ids = register(REGISTRATIONS);
            awaitSettled(ids, RECOVERY_MAX.minusNanos(System.nanoTime() - killedAt));
            recoveriesMs.add((System.nanoTime() - killedAt) / 1_000_000);
            assertSettledOnce(ids);
        }
        Files.writeString(ServiceProcess.logs().resolve("recovery-after-kill-ms.txt"), recoveriesMs + "\n");
    }

    private void comesBackAsAZombie(List<UUID> ids) {
        List<Long> offsets = group.committedOffsets();
        second.thaw();
        awaitTwoMembers();
        // It works again, and what it wrote in the meantime has not undone what its successor did.
        assertSettledOnce(register(REGISTRATIONS));
        assertSettledOnce(ids);
        List<Long> later = group.committedOffsets();
        for (int partition = 0; partition < offsets.size(); partition++) {
            assertThat(later.get(partition))
                    .as("offset of partition %d", partition)
                    .isGreaterThanOrEqualTo(offsets.get(partition));
        }
        assertThat(deadLetters()).isEqualTo(deadLettersBefore);
    }

    /** Those of other tests stay. */
    private long deadLetters() {
        return payments.number("SELECT count(*) FROM dead_letter");
    }

    private List<UUID> register(int number) {
        return Stream.generate(NewRegistration::sample)
                .limit(number)
                .map(registrations::register)
                .toList();
    }

    private void awaitSettled(List<UUID> ids, Duration limit) {
        Waiting.until("all registrations are settled")
                .atMost(limit)
                .until(() -> ids.stream().allMatch(id -> registrations.find(id).isTerminal()));
    }

    private void assertSettledOnce(List<UUID> ids) {
        for (UUID id : ids) {
            assertThat(registrations.awaitTerminal(id).status()).isEqualTo(SUCCESS);
        }
        system.awaitRest();
        for (UUID id : ids) {
            assertThat(payments.texts("SELECT status FROM payment WHERE customer_id = ?", id))
                    .as("payments of %s", id)
                    .containsExactly("AUTHORIZED");
            assertThat(system.customers()
                            .number(
                                    ENDS,
                                    id.toString(),
                                    EventTypes.CUSTOMER_REGISTERED,
                                    EventTypes.CUSTOMER_NOT_REGISTERED))
                    .as("ends of %s", id)
                    .isEqualTo(1);
        }
    }
}
