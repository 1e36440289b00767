package dev.doorbell.payment.usecase;

import static dev.doorbell.payment.Samples.TRACEPARENT;
import static dev.doorbell.payment.Samples.authorizeFee;
import static dev.doorbell.payment.Samples.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doorbell.payment.PaymentsDatabase;
import dev.doorbell.payment.PaymentsDatabase.Appended;
import dev.doorbell.payment.Samples;
import dev.doorbell.payment.domain.CardProcessor;
import dev.doorbell.payment.domain.Money;
import dev.doorbell.payment.domain.Payment;
import dev.doorbell.payment.domain.PaymentStatus;
import dev.doorbell.payment.domain.Refusal;
import dev.doorbell.payment.domain.TestCardProcessor;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class PaymentUseCasesTest {
    private static final String NOT_REGISTERED = "IDENTITY_REFUSED";

    private final UUID customer = UUID.randomUUID();
    private final AuthorizeFee authorizeFee = authorizeFee();
    private final ReversePayment reversePayment = new ReversePayment(new TestCardProcessor(Samples.CLOCK));
    private static PaymentsDatabase database;

    @BeforeAll
    static void create(Vertx vertx) {
        database = PaymentsDatabase.create(vertx);
    }

    @BeforeEach
    void clear() {
        database.clear();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void anAuthorisedFeeIsKeptAndTold() {
        Payment payment = authorize("2.00").orElseThrow();

        assertThat(database.payments(customer)).containsExactly(payment);
        assertThat(payment.status()).isEqualTo(PaymentStatus.AUTHORIZED);
        assertThat(payment.reason()).isNull();
        assertThat(payment.payer()).isEqualTo(Samples.PAYER);
        assertThat(payment.payee()).isEqualTo(Samples.PAYEE);
        assertThat(payment.fee()).isEqualTo(Samples.FEE);
        assertThat(payment.id().version()).isEqualTo(7);
        assertThat(payment.createdAt()).isEqualTo(payment.updatedAt());
        Appended event = database.events().get(0);
        assertThat(event.type()).isEqualTo("PaymentAuthorizedEvent");
        assertThat(event.aggregateType()).isEqualTo("payment");
        assertThat(event.aggregateId()).isEqualTo(payment.id().toString());
        assertThat(event.traceparent()).isEqualTo(TRACEPARENT);
        assertThat(event.payload().getMap())
                .containsEntry("paymentId", payment.id().toString())
                .containsEntry("customerId", customer.toString())
                .containsEntry("amount", "2.00")
                .containsEntry("currency", "EUR");
    }

    @Test
    void aRefusedFeeIsKeptAndToldWithItsReason() {
        Payment payment = authorize("1.9999").orElseThrow();

        assertThat(database.payments(customer)).containsExactly(payment);
        assertThat(payment.status()).isEqualTo(PaymentStatus.REFUSED);
        assertThat(payment.reason()).isEqualTo(Refusal.NO_BALANCE_LEFT.name());
        Appended event = database.events().get(0);
        assertThat(event.type()).isEqualTo("PaymentNotAuthorizedEvent");
        assertThat(event.traceparent()).isEqualTo(TRACEPARENT);
        assertThat(event.payload().getMap())
                .containsEntry("paymentId", payment.id().toString())
                .containsEntry("customerId", customer.toString())
                .containsEntry("reason", "NO_BALANCE_LEFT");
    }

    @Test
    void theFirstDecisionStandsHoweverOftenTheRequestComes() {
        Payment first = authorize("0").orElseThrow();

        assertThat(authorize("100")).isEmpty();

        assertThat(database.payments(customer)).containsExactly(first);
        assertThat(eventTypes()).containsExactly("PaymentNotAuthorizedEvent");
    }

    @Test
    void anAuthorisedFeeIsReversedOnceAlsoWhenBothEventsCome() {
        UUID id = authorize("2.00").orElseThrow().id();

        Payment reversed = reverse(NOT_REGISTERED).orElseThrow();
        assertThat(reverse("REGISTRATION_DEAD_LOCK_DETECTED")).isEmpty();

        assertThat(database.payments(customer)).containsExactly(reversed);
        assertThat(reversed.id()).isEqualTo(id);
        assertThat(reversed.status()).isEqualTo(PaymentStatus.REVERSED);
        assertThat(reversed.reason()).isEqualTo(NOT_REGISTERED);
        assertThat(reversed.updatedAt()).isAfter(reversed.createdAt());
        assertThat(eventTypes()).containsExactly("PaymentAuthorizedEvent", "PaymentReversedEvent");
        Appended event = database.events().get(1);
        assertThat(event.aggregateId()).isEqualTo(id.toString());
        assertThat(event.traceparent()).isEqualTo(TRACEPARENT);
        assertThat(event.payload().getMap())
                .containsEntry("customerId", customer.toString())
                .containsEntry("amount", "2.00")
                .containsEntry("currency", "EUR");
    }

    @Test
    void aRefusedFeeHasNothingToReverse() {
        Payment refused = authorize("0").orElseThrow();

        assertThat(reverse(NOT_REGISTERED)).isEmpty();

        assertThat(database.payments(customer)).containsExactly(refused);
        assertThat(eventTypes()).containsExactly("PaymentNotAuthorizedEvent");
    }

    @Test
    void aReversalThatComesFirstIsRememberedAndTheRequestRefused() {
        assertThat(reverse(NOT_REGISTERED)).isEmpty();
        assertThat(reverse("REGISTRATION_DEAD_LOCK_DETECTED")).isEmpty();
        assertThat(database.events()).isEmpty();

        Payment refused = authorize("100").orElseThrow();

        assertThat(refused.status()).isEqualTo(PaymentStatus.REFUSED);
        assertThat(refused.reason()).isEqualTo("REGISTRATION_ALREADY_FAILED");
        assertThat(authorize("100")).isEmpty();
        assertThat(reverse(NOT_REGISTERED)).isEmpty();
        assertThat(database.payments(customer)).containsExactly(refused);
        assertThat(eventTypes()).containsExactly("PaymentNotAuthorizedEvent");
    }

    @Test
    void aRequestBehindAReversalIsNotDecidedAgain() {
        authorize("2.00");
        Payment reversed = reverse(NOT_REGISTERED).orElseThrow();

        assertThat(authorize("2.00")).isEmpty();

        assertThat(database.payments(customer)).containsExactly(reversed);
    }

    @Test
    void theProcessorIsAskedOnceForEachOfTheTwo() {
        List<String> asked = new ArrayList<>();
        TestCardProcessor test = new TestCardProcessor(Samples.CLOCK);
        CardProcessor processor = new CardProcessor() {
            @Override
            public CompletionStage<Decision> authorize(Request request) {
                asked.add("authorize " + request.customerId());
                return test.authorize(request);
            }

            @Override
            public CompletionStage<Void> reverse(UUID customerId, Money fee) {
                asked.add("reverse " + customerId + " " + fee.decimal());
                return test.reverse(customerId, fee);
            }
        };
        AuthorizeFee authorizing = new AuthorizeFee(processor, Samples.FEE, Samples.PAYEE, Samples.CLOCK);
        ReversePayment reversing = new ReversePayment(processor);

        for (int time = 1; time <= 2; time++) {
            database.inTransaction(connection -> authorizing.execute(connection, request(customer, "2.00")));
        }
        for (int time = 1; time <= 2; time++) {
            database.inTransaction(connection -> reversing.execute(connection, customer, NOT_REGISTERED, null));
        }

        assertThat(asked).containsExactly("authorize " + customer, "reverse " + customer + " 2.00");
    }

    @Test
    void aProcessorThatCannotBeReachedLeavesNothingBehind() {
        CardProcessor unreachable = new CardProcessor() {
            @Override
            public CompletionStage<Decision> authorize(Request request) {
                return CompletableFuture.failedFuture(new IOException("no answer"));
            }

            @Override
            public CompletionStage<Void> reverse(UUID customerId, Money fee) {
                return CompletableFuture.failedFuture(new IOException("no answer"));
            }
        };
        AuthorizeFee authorizing = new AuthorizeFee(unreachable, Samples.FEE, Samples.PAYEE, Samples.CLOCK);

        assertThatThrownBy(() -> database.inTransaction(
                        connection -> authorizing.execute(connection, request(customer, "2.00"))))
                .hasRootCauseInstanceOf(IOException.class);

        assertThat(authorize("2.00").orElseThrow().status()).isEqualTo(PaymentStatus.AUTHORIZED);
        ReversePayment reversing = new ReversePayment(unreachable);
        assertThatThrownBy(() -> database.inTransaction(
                        connection -> reversing.execute(connection, customer, NOT_REGISTERED, null)))
                .hasRootCauseInstanceOf(IOException.class);
        assertThat(database.payments(customer).get(0).status()).isEqualTo(PaymentStatus.AUTHORIZED);
        assertThat(eventTypes()).containsExactly("PaymentAuthorizedEvent");
    }

    @Test
    void theVersionFileKeepsWhenEachFirstCame() {
        authorize("2.00");
        reverse(NOT_REGISTERED);
        String before = versionFile();
        authorize("2.00");
        reverse(NOT_REGISTERED);

        assertThat(versionFile()).isEqualTo(before).doesNotContain("null");
    }

    @Test
    void customersDoNotTouchEachOther() {
        authorize("2.00");
        UUID other = UUID.randomUUID();

        Optional<Payment> ofOther =
                database.inTransaction(connection -> reversePayment.execute(connection, other, NOT_REGISTERED, null));

        assertThat(ofOther).isEmpty();

        assertThat(database.payments(customer).get(0).status()).isEqualTo(PaymentStatus.AUTHORIZED);
        assertThat(database.payments(other)).isEmpty();
    }

    private Optional<Payment> authorize(String balance) {
        return database.inTransaction(connection -> authorizeFee.execute(connection, request(customer, balance)));
    }

    private Optional<Payment> reverse(String reason) {
        return database.inTransaction(connection -> reversePayment.execute(connection, customer, reason, TRACEPARENT));
    }

    private String versionFile() {
        return PaymentsDatabase.await(
                        database.pool().query("SELECT * FROM version_file").execute())
                .iterator()
                .next()
                .toJson()
                .encode();
    }

    private List<String> eventTypes() {
        return database.events().stream().map(Appended::type).toList();
    }
}
