package dev.doorbell.payment.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doorbell.outbox.Event;
import dev.doorbell.outbox.EventHandler;
import dev.doorbell.outbox.PoisonEventException;
import dev.doorbell.outbox.UuidV7;
import dev.doorbell.payment.PaymentsDatabase;
import dev.doorbell.payment.Samples;
import dev.doorbell.payment.domain.Payer;
import dev.doorbell.payment.domain.Payment;
import dev.doorbell.payment.domain.PaymentStatus;
import dev.doorbell.payment.domain.TestCardProcessor;
import dev.doorbell.payment.usecase.ReversePayment;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class CustomerEventHandlersTest {
    private static PaymentsDatabase database;

    private final UUID customer = UUID.randomUUID();
    private final CustomerEventHandlers handlers =
            new CustomerEventHandlers(Samples.authorizeFee(), new ReversePayment(new TestCardProcessor(Samples.CLOCK)));

    @BeforeAll
    static void create(Vertx vertx) {
        database = PaymentsDatabase.create(vertx);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void aPendingRegistrationIsPaidByTheHolderOfTheCard() {
        run(handlers::pendingRegistration, pending());

        Payment payment = payment();
        assertThat(payment.status()).isEqualTo(PaymentStatus.AUTHORIZED);
        assertThat(payment.payer()).isEqualTo(new Payer("A. Sample", "**** **** **** 1111", "VISA"));
        assertThat(database.events())
                .anyMatch(event -> event.aggregateId().equals(payment.id().toString())
                        && Samples.TRACEPARENT.equals(event.traceparent()));
    }

    @Test
    void aFailedRegistrationIsReversedForItsReason() {
        run(handlers::pendingRegistration, pending());
        run(handlers::notRegistered, failed().put("reason", "IDENTITY_REFUSED"));

        assertThat(payment().status()).isEqualTo(PaymentStatus.REVERSED);
        assertThat(payment().reason()).isEqualTo("IDENTITY_REFUSED");
    }

    @Test
    void aDeadLockedRegistrationIsReversedToo() {
        run(handlers::pendingRegistration, pending());
        run(handlers::registrationDeadLock, failed());

        assertThat(payment().status()).isEqualTo(PaymentStatus.REVERSED);
        assertThat(payment().reason()).isEqualTo("REGISTRATION_DEAD_LOCK_DETECTED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{}", "{\"customerId\":\"4711-secret\"}", "\u0000\u0001"})
    void whatIsNoMessageIsPoisonAndNotRepeated(String payload) {
        assertPoison(handlers::pendingRegistration, payload);
        assertPoison(handlers::notRegistered, payload);
        assertPoison(handlers::registrationDeadLock, payload);
    }

    @Test
    void anUnmaskedCardOrAReasonThatIsNoneIsPoison() {
        JsonObject pending = pending();
        pending.getJsonObject("card").put("maskedNumber", "4711471147114711");
        assertPoison(handlers::pendingRegistration, pending.encode());
        assertPoison(
                handlers::notRegistered, failed().put("reason", "4711 secret").encode());
    }

    private static void assertPoison(EventHandler handler, String payload) {
        // Without a connection: poison is found before anything is written.
        assertThatThrownBy(() -> handler.handle(null, event(Buffer.buffer(payload))))
                .isInstanceOf(PoisonEventException.class)
                .message()
                .doesNotContain("4711");
    }

    private void run(EventHandler handler, JsonObject payload) {
        database.inTransaction(connection ->
                handler.handle(connection, event(payload.toBuffer())).<Void>mapEmpty());
    }

    private Payment payment() {
        return database.payments(customer).get(0);
    }

    private JsonObject failed() {
        return new JsonObject().put("customerId", customer.toString());
    }

    private JsonObject pending() {
        JsonObject card = new JsonObject()
                .put("brand", "VISA")
                .put("maskedNumber", "**** **** **** 1111")
                .put("holderName", "A. Sample")
                .put("validThru", "2027-01-31")
                .put("balance", "2.00");
        return failed().put("firstName", "Ada").put("lastName", "Sample").put("card", card);
    }

    private static Event event(Buffer payload) {
        UUID id = UuidV7.create();
        return new Event(
                id,
                "unused",
                "/customers",
                id.toString(),
                Samples.CLOCK.instant(),
                1,
                null,
                "application/json",
                Samples.TRACEPARENT,
                false,
                payload,
                Map.of(),
                "outbox.event.customer",
                0,
                0);
    }
}
