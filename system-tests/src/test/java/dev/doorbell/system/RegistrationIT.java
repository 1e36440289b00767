package dev.doorbell.system;

import static dev.doorbell.system.harness.Registrations.FAILED;
import static dev.doorbell.system.harness.Registrations.SUCCESS;
import static dev.doorbell.system.harness.TopicReader.header;
import static dev.doorbell.system.harness.TopicReader.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.messages.EventTypes;
import dev.doorbell.messages.Reasons;
import dev.doorbell.messages.Topics;
import dev.doorbell.outbox.UuidV7;
import dev.doorbell.system.harness.NewRegistration;
import dev.doorbell.system.harness.Registrations;
import dev.doorbell.system.harness.RunningSystem;
import dev.doorbell.system.harness.SystemExtension;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The registration saga from the request to its last event, while all services run. */
@ExtendWith(SystemExtension.class)
class RegistrationIT {
    private static final String TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final RunningSystem system;
    private final Registrations registrations;

    RegistrationIT(RunningSystem system) {
        this.system = system;
        this.registrations = system.registrations();
    }

    @Test
    void enoughBalanceEndsInSuccessAndAnAuthorizedPayment() {
        UUID id = registrations.register(NewRegistration.sample());

        assertThat(registrations.awaitTerminal(id)).isEqualTo(new Registrations.View(SUCCESS, null));
        assertThat(registrations.payments(id)).singleElement().satisfies(payment -> {
            assertThat(payment.getString("status")).isEqualTo("AUTHORIZED");
            assertThat(payment.getString("amount")).isEqualTo("2.00");
            assertThat(payment.getString("reason")).isNull();
        });
    }

    @Test
    void noBalanceEndsInFailureKeepsTheRefusedPaymentAndFreesTheUsername() {
        NewRegistration poor = NewRegistration.sample().withBalance("0.50");
        UUID id = registrations.register(poor);

        assertThat(registrations.awaitTerminal(id)).isEqualTo(new Registrations.View(FAILED, Reasons.NO_BALANCE_LEFT));
        assertThat(registrations.payments(id)).singleElement().satisfies(payment -> {
            assertThat(payment.getString("status")).isEqualTo("REFUSED");
            assertThat(payment.getString("reason")).isEqualTo(Reasons.NO_BALANCE_LEFT);
        });

        UUID second = registrations.register(poor.withBalance("50.00"));
        assertThat(registrations.awaitTerminal(second).status()).isEqualTo(SUCCESS);
        assertThat(registrations.find(id).status()).isEqualTo(FAILED);
        assertThat(registrations.post(poor.json(), null).statusCode())
                .as("the name has an owner now")
                .isEqualTo(409);
    }

    @Test
    void balanceEqualToTheFeeIsEnoughAndTheSmallestUnitLessIsNot() {
        UUID exact = registrations.register(NewRegistration.sample().withBalance("2.00"));
        UUID less = registrations.register(NewRegistration.sample().withBalance("1.9999"));

        assertThat(registrations.awaitTerminal(exact)).isEqualTo(new Registrations.View(SUCCESS, null));
        assertThat(registrations.awaitTerminal(less))
                .isEqualTo(new Registrations.View(FAILED, Reasons.NO_BALANCE_LEFT));
    }

    @Test
    void expiredCardEndsInFailure() {
        String dayBeforeYesterday = LocalDate.now(ZoneOffset.UTC).minusDays(2).toString();
        UUID id = registrations.register(NewRegistration.sample().withValidThru(dayBeforeYesterday));

        assertThat(registrations.awaitTerminal(id)).isEqualTo(new Registrations.View(FAILED, Reasons.CARD_EXPIRED));
        assertThat(registrations.payments(id))
                .singleElement()
                .satisfies(payment -> assertThat(payment.getString("reason")).isEqualTo(Reasons.CARD_EXPIRED));
    }

    @Test
    void eventsOfASuccessAreInKafkaInOrderWithTheTraceOfTheRequest() {
        UUID id = registerTraced(NewRegistration.sample());
        registrations.awaitTerminal(id);
        system.awaitRest();

        List<ConsumerRecord<byte[], byte[]>> events = sagaOf(id);

        assertThat(events)
                .extracting(event -> header(event, "ce_type"))
                .containsExactly(
                        EventTypes.CUSTOMER_PENDING_REGISTRATION,
                        EventTypes.PAYMENT_AUTHORIZED,
                        EventTypes.CUSTOMER_REGISTERED);
        String paymentId = registrations.payments(id).get(0).getString("id");
        assertThat(events).extracting(event -> key(event)).containsExactly(id.toString(), paymentId, id.toString());
        events.forEach(RegistrationIT::requireEnvelope);
        requireOrder(events.get(0), events.get(2));
    }

    @Test
    void eventsOfARefusalAreInKafkaInOrderWithTheTraceOfTheRequest() {
        UUID id = registerTraced(NewRegistration.sample().withBalance("0"));
        registrations.awaitTerminal(id);
        system.awaitRest();

        List<ConsumerRecord<byte[], byte[]>> events = sagaOf(id);

        assertThat(events)
                .extracting(event -> header(event, "ce_type"))
                .containsExactly(
                        EventTypes.CUSTOMER_PENDING_REGISTRATION,
                        EventTypes.PAYMENT_NOT_AUTHORIZED,
                        EventTypes.CUSTOMER_NOT_REGISTERED);
        events.forEach(RegistrationIT::requireEnvelope);
        requireOrder(events.get(0), events.get(2));
    }

    private UUID registerTraced(NewRegistration registration) {
        var answer = registrations.post(registration.json(), TRACEPARENT);
        assertThat(answer.statusCode()).isEqualTo(202);
        UUID id = UUID.fromString(new JsonObject(answer.body()).getString("id"));
        assertThat(answer.headers().firstValue("Location")).hasValue("/registrations/" + id);
        return id;
    }

    /** By the time of the outbox rows: both databases have one clock here. */
    private List<ConsumerRecord<byte[], byte[]>> sagaOf(UUID id) {
        return Stream.of(Topics.CUSTOMER, Topics.PAYMENT)
                .flatMap(topic -> system.reader().about(topic, id.toString()).stream())
                .sorted(Comparator.comparing(event -> Instant.parse(header(event, "ce_time"))))
                .toList();
    }

    /** CloudEvents 1.0, Kafka protocol binding, binary content mode. */
    private static void requireEnvelope(ConsumerRecord<byte[], byte[]> event) {
        boolean ofCustomer = event.topic().equals(Topics.CUSTOMER);
        assertThat(header(event, "ce_specversion")).isEqualTo("1.0");
        assertThat(UuidV7.isV7(UUID.fromString(header(event, "ce_id")))).isTrue();
        assertThat(header(event, "ce_source")).isEqualTo(ofCustomer ? "/customers" : "/payments");
        assertThat(header(event, "ce_subject")).isEqualTo(key(event));
        assertThat(header(event, "ce_dataschema")).isEqualTo(EventTypes.dataSchema(header(event, "ce_type")));
        assertThat(Long.parseLong(header(event, "ce_sequence"))).isPositive();
        assertThat(header(event, "content-type")).isEqualTo("application/json");
        assertThat(header(event, "traceparent")).isEqualTo(TRACEPARENT);
    }

    private static void requireOrder(ConsumerRecord<byte[], byte[]> first, ConsumerRecord<byte[], byte[]> later) {
        assertThat(later.partition()).isEqualTo(first.partition());
        assertThat(later.offset()).isGreaterThan(first.offset());
        assertThat(Long.parseLong(header(later, "ce_sequence")))
                .isGreaterThan(Long.parseLong(header(first, "ce_sequence")));
    }
}
