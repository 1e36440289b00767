package dev.doorbell.payment.usecase;

import static dev.doorbell.payment.PaymentsDatabase.await;
import static dev.doorbell.payment.Samples.authorizeFee;
import static dev.doorbell.payment.Samples.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.payment.PaymentsDatabase;
import dev.doorbell.payment.PaymentsDatabase.Appended;
import dev.doorbell.payment.Samples;
import dev.doorbell.payment.domain.Payment;
import dev.doorbell.payment.domain.PaymentStatus;
import dev.doorbell.payment.domain.TestCardProcessor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Two consumers at work on one customer, as after a rebalance: the first has done its work and not committed when the
 * second arrives. PostgreSQL itself tells when the second waits.
 */
@ExtendWith(VertxExtension.class)
class InterleavingTest {
    private final UUID customer = UUID.randomUUID();
    private final ReversePayment reversePayment = new ReversePayment(new TestCardProcessor(Samples.CLOCK));
    private final Function<SqlConnection, Future<Optional<Payment>>> authorize =
            connection -> authorizeFee().execute(connection, request(customer, "2.00"));
    private final Function<SqlConnection, Future<Optional<Payment>>> reverse =
            connection -> reversePayment.execute(connection, customer, "IDENTITY_REFUSED", null);
    private static PaymentsDatabase database;
    private SqlConnection first;
    private SqlConnection second;

    @BeforeAll
    static void create(Vertx vertx) {
        database = PaymentsDatabase.create(vertx);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void connect() {
        database.clear();
        first = await(database.pool().getConnection());
        second = await(database.pool().getConnection());
    }

    @AfterEach
    void disconnect() {
        await(first.close());
        await(second.close());
    }

    @Test
    void aReversalThatMeetsAnOpenAuthorisationReversesIt() {
        Optional<Payment> reversed = interleave(authorize, reverse, true);

        assertThat(reversed.orElseThrow().status()).isEqualTo(PaymentStatus.REVERSED);
        assertThat(eventTypes()).containsExactly("PaymentAuthorizedEvent", "PaymentReversedEvent");
    }

    @Test
    void anAuthorisationThatMeetsAnOpenReversalIsRefused() {
        Optional<Payment> refused = interleave(reverse, authorize, true);

        assertThat(refused.orElseThrow().status()).isEqualTo(PaymentStatus.REFUSED);
        assertThat(refused.orElseThrow().reason()).isEqualTo("REGISTRATION_ALREADY_FAILED");
        assertThat(eventTypes()).containsExactly("PaymentNotAuthorizedEvent");
    }

    @Test
    void aReversalThatIsRolledBackWasNever() {
        Optional<Payment> authorized = interleave(reverse, authorize, false);

        assertThat(authorized.orElseThrow().status()).isEqualTo(PaymentStatus.AUTHORIZED);
        assertThat(eventTypes()).containsExactly("PaymentAuthorizedEvent");
    }

    @Test
    void anAuthorisationThatIsRolledBackLeavesTheReversalRemembered() {
        assertThat(interleave(authorize, reverse, false)).isEmpty();

        assertThat(database.payments(customer)).isEmpty();
        assertThat(database.inTransaction(authorize).orElseThrow().status()).isEqualTo(PaymentStatus.REFUSED);
    }

    @Test
    void twoAuthorisationsMakeOnePayment() {
        assertThat(interleave(authorize, authorize, true)).isEmpty();

        assertThat(database.payments(customer)).hasSize(1);
        assertThat(eventTypes()).containsExactly("PaymentAuthorizedEvent");
    }

    @Test
    void twoReversalsReverseOnce() {
        database.inTransaction(authorize);

        assertThat(interleave(reverse, reverse, true)).isEmpty();

        assertThat(eventTypes()).containsExactly("PaymentAuthorizedEvent", "PaymentReversedEvent");
    }

    /** Returns the result of {@code later}, which began while {@code earlier} was done and not yet ended. */
    private Optional<Payment> interleave(
            Function<SqlConnection, Future<Optional<Payment>>> earlier,
            Function<SqlConnection, Future<Optional<Payment>>> later,
            boolean commit) {
        Transaction open = await(first.begin());
        await(earlier.apply(first));
        Transaction behind = await(second.begin());
        int pid = await(second.query("SELECT pg_backend_pid()").execute())
                .iterator()
                .next()
                .getInteger(0);
        Future<Optional<Payment>> waiting = later.apply(second);
        await("the later one waits for the earlier one").until(() -> waitsForLock(pid));
        assertThat(waiting.isComplete()).isFalse();

        await(commit ? open.commit() : open.rollback());

        Optional<Payment> result = await(waiting);
        await(behind.commit());
        return result;
    }

    private boolean waitsForLock(int pid) {
        return await(database.pool()
                        .preparedQuery("SELECT cardinality(pg_blocking_pids($1)) > 0 AS waits")
                        .execute(Tuple.of(pid)))
                .iterator()
                .next()
                .getBoolean("waits");
    }

    private List<String> eventTypes() {
        return database.events().stream().map(Appended::type).toList();
    }
}
