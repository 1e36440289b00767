package dev.doorbell.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.localstack.LocalKafka;
import dev.doorbell.messages.Card;
import dev.doorbell.messages.CustomerNotRegistered;
import dev.doorbell.messages.CustomerPendingRegistration;
import dev.doorbell.messages.CustomerRegistrationDeadLock;
import dev.doorbell.messages.EventTypes;
import dev.doorbell.messages.MessageJson;
import dev.doorbell.messages.Topics;
import dev.doorbell.outbox.UuidV7;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The whole service on real PostgreSQL and Kafka: events in, payments and events out. */
@ExtendWith(VertxExtension.class)
class PaymentConsumerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final LocalDate NEXT_YEAR = LocalDate.now(ZoneOffset.UTC).plusYears(1);

    private final UUID paying = UUID.randomUUID();
    private final UUID poor = UUID.randomUUID();
    private final UUID failing = UUID.randomUUID();
    private final UUID failed = UUID.randomUUID();

    @Test
    void eventsBecomePayments(Vertx vertx) throws Exception {
        try (LocalKafka kafka = LocalKafka.start(LocalKafka.Options.defaults());
                PaymentsDatabase database = PaymentsDatabase.create(vertx);
                RunningPayments service = RunningPayments.start(vertx, database.urlText(), kafka.bootstrapServers())) {
            assertThat(check(service, "consumer")).as("before there is a topic").isEqualTo("up");

            Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrapServers());
            try (Admin admin = Admin.create(config);
                    KafkaProducer<byte[], byte[]> producer =
                            new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
                admin.createTopics(List.of(new NewTopic(Topics.CUSTOMER, 2, (short) 1)))
                        .all()
                        .get();
                produce(producer);
            }

            await("every customer's outcome").atMost(PATIENCE).untilAsserted(() -> {
                assertThat(statuses(service, paying)).containsExactly("AUTHORIZED null");
                assertThat(statuses(service, poor)).containsExactly("REFUSED NO_BALANCE_LEFT");
                assertThat(statuses(service, failing)).containsExactly("REVERSED IDENTITY_REFUSED");
                assertThat(statuses(service, failed)).containsExactly("REFUSED REGISTRATION_ALREADY_FAILED");
                assertThat(metric(service, "processed_total")).isEqualTo(7);
                assertThat(metric(service, "duplicates_total")).isEqualTo(1);
            });
            assertThat(check(service, "kafka")).isEqualTo("up");
            assertThat(check(service, "consumer")).isEqualTo("up");
            assertThat(eventTypes(database, paying)).containsExactly("PaymentAuthorizedEvent");
            assertThat(eventTypes(database, poor)).containsExactly("PaymentNotAuthorizedEvent");
            assertThat(eventTypes(database, failing)).containsExactly("PaymentAuthorizedEvent", "PaymentReversedEvent");
            assertThat(eventTypes(database, failed)).containsExactly("PaymentNotAuthorizedEvent");
            assertThat(database.events()).allMatch(event -> Samples.TRACEPARENT.equals(event.traceparent()));
        }
    }

    private void produce(KafkaProducer<byte[], byte[]> producer) {
        UUID repeated = UuidV7.create();
        send(producer, repeated, paying, EventTypes.CUSTOMER_PENDING_REGISTRATION, pending(paying, "2.00"));
        send(producer, repeated, paying, EventTypes.CUSTOMER_PENDING_REGISTRATION, pending(paying, "2.00"));
        send(producer, UuidV7.create(), poor, EventTypes.CUSTOMER_PENDING_REGISTRATION, pending(poor, "1.99"));
        send(producer, UuidV7.create(), failing, EventTypes.CUSTOMER_PENDING_REGISTRATION, pending(failing, "9"));
        Record reason = new CustomerNotRegistered(failing, "IDENTITY_REFUSED");
        send(producer, UuidV7.create(), failing, EventTypes.CUSTOMER_NOT_REGISTERED, reason);
        Record deadLock = new CustomerRegistrationDeadLock(failing);
        send(producer, UuidV7.create(), failing, EventTypes.CUSTOMER_REGISTRATION_DEAD_LOCK, deadLock);
        Record early = new CustomerNotRegistered(failed, "IDENTITY_REFUSED");
        send(producer, UuidV7.create(), failed, EventTypes.CUSTOMER_NOT_REGISTERED, early);
        send(producer, UuidV7.create(), failed, EventTypes.CUSTOMER_PENDING_REGISTRATION, pending(failed, "9"));
    }

    private static Record pending(UUID customer, String balance) {
        Card card = new Card("VISA", "**** **** **** 1111", "Ada Sample", NEXT_YEAR, new BigDecimal(balance));
        return new CustomerPendingRegistration(customer, "Ada", "Sample", card);
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer, UUID id, UUID customer, String type, Record message) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.CUSTOMER, bytes(customer.toString()), MessageJson.encode(message));
        record.headers()
                .add("ce_specversion", bytes("1.0"))
                .add("ce_id", bytes(id.toString()))
                .add("ce_type", bytes(type))
                .add("ce_source", bytes("/customers"))
                .add("traceparent", bytes(Samples.TRACEPARENT));
        try {
            // One at a time: a fresh producer's second batch may be accepted before its first (KAFKA-15591).
            producer.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> statuses(RunningPayments service, UUID customer) {
        JsonArray payments =
                new JsonArray(service.get("/payments?customerId=" + customer).body());
        return payments.stream()
                .map(JsonObject.class::cast)
                .map(payment -> payment.getString("status") + " " + payment.getString("reason"))
                .toList();
    }

    private static String check(RunningPayments service, String name) {
        return new JsonObject(service.get("/health/ready").body())
                .getJsonObject("checks")
                .getJsonObject(name)
                .getString("status");
    }

    private static double metric(RunningPayments service, String name) {
        return service.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("doorbell_consumer_" + name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static List<String> eventTypes(PaymentsDatabase database, UUID customer) {
        return database.events().stream()
                .filter(event -> customer.toString().equals(event.payload().getString("customerId")))
                .map(PaymentsDatabase.Appended::type)
                .toList();
    }
}
