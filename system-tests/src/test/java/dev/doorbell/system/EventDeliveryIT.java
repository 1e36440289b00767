package dev.doorbell.system;

import static dev.doorbell.system.harness.Registrations.FAILED;
import static dev.doorbell.system.harness.Registrations.SUCCESS;
import static dev.doorbell.system.harness.TopicReader.header;
import static dev.doorbell.system.harness.TopicReader.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.customer.domain.RegistrationSaga;
import dev.doorbell.customer.domain.RegistrationSaga.Participant;
import dev.doorbell.messages.EventTypes;
import dev.doorbell.messages.MessageJson;
import dev.doorbell.messages.PaymentAuthorized;
import dev.doorbell.messages.Topics;
import dev.doorbell.outbox.UuidV7;
import dev.doorbell.system.harness.Database;
import dev.doorbell.system.harness.NewRegistration;
import dev.doorbell.system.harness.Registrations;
import dev.doorbell.system.harness.RunningSystem;
import dev.doorbell.system.harness.ServiceJar;
import dev.doorbell.system.harness.SystemExtension;
import dev.doorbell.system.harness.Waiting;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the services do with events that come twice, for nobody, for the first time, or that are no concern of theirs. */
@ExtendWith(SystemExtension.class)
class EventDeliveryIT {
    private static final List<ServiceJar> CONSUMERS = List.of(ServiceJar.CUSTOMER, ServiceJar.PAYMENT);

    private final RunningSystem system;
    private final Registrations registrations;

    EventDeliveryIT(RunningSystem system) {
        this.system = system;
        this.registrations = system.registrations();
    }

    @Test
    void everyEventDeliveredAgainByteForByteChangesNothing() {
        settleOneOfEach();
        List<ConsumerRecord<byte[], byte[]>> all =
                new ArrayList<>(system.reader().read(Topics.CUSTOMER));
        all.addAll(system.reader().read(Topics.PAYMENT));
        Map<ServiceJar, Set<String>> handled = Map.of(
                ServiceJar.CUSTOMER, RegistrationSaga.triggersOf(Participant.CUSTOMER),
                ServiceJar.PAYMENT, RegistrationSaga.triggersOf(Participant.PAYMENT));
        List<String> before = everything();
        List<Double> processedBefore = metrics("doorbell_consumer_processed_total");
        List<Double> duplicatesBefore = metrics("doorbell_consumer_duplicates_total");

        system.writer().repeat(all);
        system.awaitRest();

        assertThat(everything()).isEqualTo(before);
        assertThat(metrics("doorbell_consumer_processed_total")).isEqualTo(processedBefore);
        List<Double> duplicates = metrics("doorbell_consumer_duplicates_total");
        for (int i = 0; i < CONSUMERS.size(); i++) {
            String topic = CONSUMERS.get(i) == ServiceJar.CUSTOMER ? Topics.PAYMENT : Topics.CUSTOMER;
            Set<String> types = handled.get(CONSUMERS.get(i));
            long repeated = all.stream()
                    .filter(record -> record.topic().equals(topic) && types.contains(header(record, "ce_type")))
                    .count();
            assertThat(duplicates.get(i) - duplicatesBefore.get(i))
                    .as("repeats that the %s knew", CONSUMERS.get(i).service())
                    .isGreaterThanOrEqualTo(repeated);
        }
    }

    private void settleOneOfEach() {
        UUID success = registrations.register(NewRegistration.sample());
        UUID failure = registrations.register(NewRegistration.sample().withBalance("1"));
        assertThat(registrations.awaitTerminal(success).status()).isEqualTo(SUCCESS);
        assertThat(registrations.awaitTerminal(failure).status()).isEqualTo(FAILED);
        system.awaitRest();
    }

    private List<String> everything() {
        List<String> rows = new ArrayList<>();
        for (String table : List.of("outbox", "inbox", "dead_letter", "parked_key")) {
            rows.addAll(system.customers().rows(table));
            rows.addAll(system.payments().rows(table));
        }
        rows.addAll(system.customers().rows("customer"));
        rows.addAll(system.payments().rows("payment"));
        rows.addAll(system.payments().rows("version_file"));
        return rows;
    }

    private List<Double> metrics(String name) {
        return CONSUMERS.stream().map(jar -> system.service(jar).metric(name)).toList();
    }

    @Test
    void eventForAnUnknownCustomerIsDeadLetteredAnnouncedAndHoldsUpNobody() {
        UUID paymentId = UuidV7.create();
        UUID eventId = UuidV7.create();
        PaymentAuthorized stray = new PaymentAuthorized(paymentId, UuidV7.create(), new BigDecimal("2.00"), "EUR");
        system.payments()
                .execute(
                        "INSERT INTO outbox (event_id, aggregate_type, aggregate_id, event_type, payload)"
                                + " VALUES (?, 'payment', ?, ?, ?)",
                        eventId,
                        paymentId.toString(),
                        EventTypes.PAYMENT_AUTHORIZED,
                        MessageJson.encode(stray));

        Database customers = system.customers();
        Waiting.until("the stray event is a dead letter")
                .until(() -> customers.number("SELECT count(*) FROM dead_letter WHERE event_id = ?", eventId) == 1);

        assertThat(customers.text("SELECT reason || ' ' || topic FROM dead_letter WHERE event_id = ?", eventId))
                .isEqualTo("POISON " + Topics.PAYMENT);
        assertThat(customers.text("SELECT cause FROM dead_letter WHERE event_id = ?", eventId))
                .contains("There is no customer");
        assertThat(customers.texts("SELECT convert_from(record_key, 'UTF8') FROM parked_key"))
                .contains(paymentId.toString());
        String announcements = Topics.PAYMENT + ".DLT";
        Waiting.until("the announcement's topic is there")
                .until(() -> system.settlement().topics().contains(announcements));
        Waiting.until("the dead letter is announced")
                .until(() -> system.reader().about(announcements, eventId.toString()).stream()
                        .map(record -> key(record))
                        .toList()
                        .equals(List.of(paymentId.toString())));

        // Enough for every partition to get one: also that of the dead letter.
        List<UUID> others = Stream.generate(NewRegistration::sample)
                .limit(30)
                .map(registrations::register)
                .toList();
        others.forEach(
                id -> assertThat(registrations.awaitTerminal(id).status()).isEqualTo(SUCCESS));
    }

    /** Two poison events of different types on one key would park the second: hence a key for each. */
    @Test
    void servicesHandleExactlyTheEventTypesThatTheSagaGivesThem() {
        Map<String, String> topics = Map.of(Topics.CUSTOMER, "payments", Topics.PAYMENT, "customers");
        List<String> types = List.of(
                EventTypes.CUSTOMER_PENDING_REGISTRATION,
                EventTypes.CUSTOMER_REGISTERED,
                EventTypes.CUSTOMER_NOT_REGISTERED,
                EventTypes.CUSTOMER_REGISTRATION_DEAD_LOCK,
                EventTypes.PAYMENT_AUTHORIZED,
                EventTypes.PAYMENT_NOT_AUTHORIZED,
                EventTypes.PAYMENT_REVERSED);
        Map<String, String> keys = Map.of(
                Topics.CUSTOMER,
                UUID.randomUUID().toString(),
                Topics.PAYMENT,
                UUID.randomUUID().toString());
        registrations.awaitTerminal(registrations.register(NewRegistration.sample()));
        system.awaitRest();

        // No handler can read it, so whoever has a handler dead-letters it, and whoever has none skips it.
        topics.keySet()
                .forEach(topic ->
                        types.forEach(type -> system.writer().event(topic, keys.get(topic) + type, type, "{}")));
        system.awaitRest();

        assertThat(deadLetteredTypes(system.payments(), keys.get(Topics.CUSTOMER)))
                .isEqualTo(new TreeSet<>(RegistrationSaga.triggersOf(Participant.PAYMENT)));
        assertThat(deadLetteredTypes(system.customers(), keys.get(Topics.PAYMENT)))
                .isEqualTo(new TreeSet<>(RegistrationSaga.triggersOf(Participant.CUSTOMER)));
    }

    private static Set<String> deadLetteredTypes(Database database, String key) {
        return new TreeSet<>(
                database.texts("SELECT event_type FROM dead_letter WHERE position(?::bytea in record_key) = 1", (Object)
                        key.getBytes(StandardCharsets.UTF_8)));
    }

    /** A payment service that begins with an empty database and a new group, long after the events. */
    @Test
    void consumerStartedForTheFirstTimeProcessesTheEventsFromTheBeginning() {
        settleOneOfEach();
        Database fresh = system.createDatabase("payments_fresh");
        String group = "payment-verticle-fresh";
        Map<String, String> settings =
                Map.of("DATABASE_URL", system.databaseUrl("payments_fresh"), "CONSUMER_GROUP", group);
        var migration = system.run(ServiceJar.PAYMENT, settings, "migrate");
        assertThat(migration.exitCode()).as("%s", migration.output()).isZero();

        system.startAnother(ServiceJar.PAYMENT, settings).awaitReady();
        Waiting.until("the new group has consumed everything")
                .until(() -> system.settlement().consumed(group, Topics.CUSTOMER));

        List<String> customers = system.customers().texts("SELECT id FROM customer ORDER BY id");
        assertThat(fresh.texts("SELECT customer_id FROM payment ORDER BY customer_id"))
                .isNotEmpty()
                .isEqualTo(customers);
        List<String> failed = system.customers().texts("SELECT id FROM customer WHERE reason IS NOT NULL");
        assertThat(fresh.texts("SELECT customer_id FROM payment WHERE status = 'AUTHORIZED'"))
                .isNotEmpty()
                .doesNotContainAnyElementsOf(failed);
    }
}
