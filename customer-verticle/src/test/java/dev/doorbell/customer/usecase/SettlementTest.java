package dev.doorbell.customer.usecase;

import static dev.doorbell.customer.TestStack.count;
import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.doorbell.customer.TestStack;
import dev.doorbell.customer.domain.PaymentOutcome;
import dev.doorbell.customer.domain.Registration;
import dev.doorbell.customer.domain.RegistrationStatus;
import dev.doorbell.customer.domain.RegistrationTransitions;
import dev.doorbell.customer.domain.Trigger;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.outbox.Outbox;
import dev.doorbell.outbox.PoisonEventException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Registrations from their start to their end on a real database. */
@ExtendWith(VertxExtension.class)
class SettlementTest {
    private static final int ROUNDS = 5;

    private final CustomerStore store = new CustomerStore();
    private final Outbox outbox = new Outbox();
    private final DecideRegistration decide = new DecideRegistration(store, outbox);
    private Pool pool;
    private SignUps signUps;

    @BeforeEach
    void database(Vertx vertx) {
        pool = TestStack.pool(vertx, TestStack.newMigratedDatabase());
        signUps = new SignUps(vertx, pool);
    }

    @Test
    void aRegistrationIsCustomerClaimAndEventTogether() {
        UUID id = registered("ada");
        assertThat(status(id)).isEqualTo("REGISTRATION_PENDING");
        assertThat(events(id)).containsExactly("CustomerPendingRegistrationEvent");
        assertThat(count(pool, "outbox WHERE traceparent = '" + SignUps.TRACEPARENT + "'"))
                .isEqualTo(1);
    }

    /** Two instances, each with an event loop and connections of its own, and every spelling that is this name. */
    @Test
    void ofTwoHundredConcurrentSignUpsForOneNameOneWinsEveryTime(Vertx vertx) {
        SignUps other = new SignUps(vertx, pool);
        List<String> spellings = List.of("ada", "Ada", "ADA", "aDa");
        for (int round = 1; round <= ROUNDS; round++) {
            List<Future<RegisterCustomer.Result>> attempts = IntStream.range(0, 200)
                    .mapToObj(i -> (i % 2 == 0 ? signUps : other).register(spellings.get(i / 2 % spellings.size())))
                    .toList();
            attempts.forEach(TestStack::get);
            assertThat(attempts)
                    .filteredOn(attempt -> attempt.result() instanceof RegisterCustomer.Result.Accepted)
                    .as("round " + round)
                    .hasSize(1);
            assertThat(count(pool, "customer WHERE status <> 'REGISTRATION_FAILED'"))
                    .isEqualTo(1);
            assertThat(count(pool, "outbox WHERE event_type = 'CustomerPendingRegistrationEvent'"))
                    .isEqualTo(round);
            UUID winner = UUID.fromString(
                    get(pool.query("SELECT id::text FROM customer WHERE status = 'REGISTRATION_PENDING'")
                                    .execute())
                            .iterator()
                            .next()
                            .getString(0));
            // Gives the name back, for the next round.
            reply(winner, PaymentOutcome.REFUSED, "NO_BALANCE_LEFT");
        }
    }

    @Test
    void aNameWhoseHolderRollsBackIsFree() {
        SqlConnection first = get(pool.getConnection());
        Transaction transaction = get(first.begin());
        get(store.register(first, List.of(SignUps.row(SignUps.customer("ada"))), Optional.empty()));
        Future<RegisterCustomer.Result> second = signUps.register("ada");
        await("the second sign-up to wait for the first")
                .until(() ->
                        count(pool, "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
                                == 1);
        assertThat(second.isComplete()).isFalse();
        get(transaction.rollback());
        assertThat(get(second)).isInstanceOf(RegisterCustomer.Result.Accepted.class);
        get(first.close());
    }

    @Test
    void anAuthorisedPaymentApproves() {
        UUID id = registered("ada");
        reply(id, PaymentOutcome.AUTHORIZED, null);
        assertThat(status(id)).isEqualTo("REGISTRATION_SUCCESS");
        assertThat(count(pool, "customer WHERE version = 2"))
                .as("its entity tag is another")
                .isEqualTo(1);
        assertThat(events(id)).containsExactly("CustomerPendingRegistrationEvent", "CustomerRegisteredEvent");
        assertThat(count(pool, "outbox WHERE traceparent = '" + SignUps.TRACEPARENT + "'"))
                .isEqualTo(2);
        assertThat(get(signUps.register("ada"))).isInstanceOf(RegisterCustomer.Result.UsernameTaken.class);
    }

    @Test
    void aRefusedPaymentRejectsAndFreesTheName() {
        UUID id = registered("ada");
        reply(id, PaymentOutcome.REFUSED, "NO_BALANCE_LEFT");
        assertThat(status(id)).isEqualTo("REGISTRATION_FAILED NO_BALANCE_LEFT");
        assertThat(events(id)).containsExactly("CustomerPendingRegistrationEvent", "CustomerNotRegisteredEvent");
        registered("ada");
    }

    @Test
    void aSecondReplyChangesNothing() {
        UUID id = registered("ada");
        reply(id, PaymentOutcome.AUTHORIZED, null);
        reply(id, PaymentOutcome.REFUSED, "NO_BALANCE_LEFT");
        assertThat(status(id)).isEqualTo("REGISTRATION_SUCCESS");
        assertThat(events(id)).hasSize(2);
    }

    @Test
    void aLateReplyIsRecordedAndDoesNotResurrect() {
        UUID id = registered("ada");
        age(id, "1 hour");
        assertThat(get(overdue(Duration.ofMinutes(5)).reject(() -> true))).isEqualTo(1);
        reply(id, PaymentOutcome.AUTHORIZED, null);
        assertThat(status(id)).isEqualTo("REGISTRATION_FAILED REGISTRATION_DEAD_LOCK_DETECTED");
        assertThat(events(id))
                .containsExactly(
                        "CustomerPendingRegistrationEvent",
                        "CustomerNotRegisteredEvent",
                        "CustomerRegistrationDeadLockEvent");
        assertThat(count(pool, "customer WHERE payment_outcome = 'AUTHORIZED' AND payment_id IS NOT NULL"))
                .isEqualTo(1);
    }

    /** Even for a caller that read the row without its lock and so decided on what is no longer true. */
    @Test
    void theUpdateItselfRefusesARegistrationThatIsNotPendingAnyMore() {
        UUID id = registered("ada");
        reply(id, PaymentOutcome.REFUSED, "NO_BALANCE_LEFT");
        Registration.Decision approve = new Registration.Decision(
                RegistrationTransitions.of(RegistrationStatus.REGISTRATION_PENDING, Trigger.ALL_POSITIVE), null);
        boolean settled = get(pool.withTransaction(connection -> store.settle(connection, id, approve, true)));
        assertThat(settled).isFalse();
        assertThat(status(id)).isEqualTo("REGISTRATION_FAILED NO_BALANCE_LEFT");
    }

    @Test
    void aReplyForNobodyIsPoison() {
        assertThatThrownBy(() -> reply(UUID.randomUUID(), PaymentOutcome.AUTHORIZED, null))
                .isInstanceOf(PoisonEventException.class);
    }

    @Test
    void onlyWhatIsOverdueIsRejectedInBatches() {
        int overdue = RejectOverdueRegistrations.BATCH_MAX * 2 + 5;
        for (int i = 0; i < overdue; i++) {
            registered("user" + i);
        }
        get(pool.query("UPDATE customer SET created_at = now() - interval '6 minutes'")
                .execute());
        age(null, "1 hour");
        UUID fresh = registered("fresh");
        assertThat(get(overdue(Duration.ofMinutes(5)).reject(() -> true))).isEqualTo(overdue);
        assertThat(status(fresh)).isEqualTo("REGISTRATION_PENDING");
    }

    @Test
    void detectorsOfTwoInstancesRejectEachRegistrationOnce() {
        for (int i = 0; i < 150; i++) {
            registered("user" + i);
        }
        age(null, "1 hour");
        get(pool.query("UPDATE customer SET created_at = now() - interval '1 hour'")
                .execute());
        Future<Integer> first = overdue(Duration.ofMinutes(5)).reject(() -> true);
        Future<Integer> second = overdue(Duration.ofMinutes(5)).reject(() -> true);
        assertThat(get(first) + get(second)).isEqualTo(150);
        assertThat(count(pool, "outbox WHERE event_type = 'CustomerRegistrationDeadLockEvent'"))
                .isEqualTo(150);
    }

    @Test
    void aDecisionUnderWayAndTheDetectorDoNotBothSettle() {
        UUID id = registered("ada");
        age(id, "1 hour");
        SqlConnection deciding = get(pool.getConnection());
        Transaction transaction = get(deciding.begin());
        get(decide.onPayment(deciding, id, UUID.randomUUID(), PaymentOutcome.AUTHORIZED, null, null));
        assertThat(get(overdue(Duration.ofMinutes(5)).reject(() -> true))).isZero();
        get(transaction.commit());
        get(deciding.close());
        assertThat(get(overdue(Duration.ofMinutes(5)).reject(() -> true))).isZero();
        assertThat(status(id)).isEqualTo("REGISTRATION_SUCCESS");
    }

    private RejectOverdueRegistrations overdue(Duration after) {
        return new RejectOverdueRegistrations(pool, store, outbox, after);
    }

    /** Moves the clock of the saga back, for one registration and for the last lag. */
    private void age(UUID id, String by) {
        get(pool.query("UPDATE saga_watch SET lagged_at = now() - interval '" + by + "'")
                .execute());
        if (id != null) {
            get(pool.query("UPDATE customer SET created_at = now() - interval '" + by + "' WHERE id = '" + id + "'")
                    .execute());
        }
    }

    private UUID registered(String username) {
        return signUps.registered(username);
    }

    private void reply(UUID id, PaymentOutcome outcome, String refusal) {
        get(pool.withTransaction(connection ->
                decide.onPayment(connection, id, UUID.randomUUID(), outcome, refusal, SignUps.TRACEPARENT)));
    }

    private String status(UUID id) {
        return get(pool.query("SELECT concat_ws(' ', status, reason) FROM customer WHERE id = '" + id + "'")
                        .execute())
                .iterator()
                .next()
                .getString(0);
    }

    private List<String> events(UUID id) {
        List<String> types = new ArrayList<>();
        get(pool.query("SELECT event_type FROM outbox WHERE aggregate_id = '" + id + "' ORDER BY seq")
                        .execute())
                .forEach(row -> types.add(row.getString(0)));
        return types;
    }
}
