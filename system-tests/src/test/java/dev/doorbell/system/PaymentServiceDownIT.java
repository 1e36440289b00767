package dev.doorbell.system;

import static dev.doorbell.system.harness.Registrations.FAILED;
import static dev.doorbell.system.harness.Registrations.PENDING;
import static dev.doorbell.system.harness.Registrations.SUCCESS;
import static dev.doorbell.system.harness.TopicReader.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.messages.EventTypes;
import dev.doorbell.messages.Reasons;
import dev.doorbell.messages.Topics;
import dev.doorbell.system.harness.NewRegistration;
import dev.doorbell.system.harness.Registrations;
import dev.doorbell.system.harness.RunningSystem;
import dev.doorbell.system.harness.ServiceJar;
import dev.doorbell.system.harness.ServiceProcess;
import dev.doorbell.system.harness.SystemExtension;
import dev.doorbell.system.harness.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The payment service is away: for a while, or for longer than a registration may wait. */
@ExtendWith(SystemExtension.class)
class PaymentServiceDownIT {
    private static final Duration STAYS_PENDING = Duration.ofSeconds(1);

    private final RunningSystem system;
    private final Registrations registrations;

    PaymentServiceDownIT(RunningSystem system) {
        this.system = system;
        this.registrations = system.registrations();
    }

    @BeforeEach
    void stopThePaymentService() {
        system.ensureRunning();
        assertThat(system.service(ServiceJar.PAYMENT).terminate()).isZero();
    }

    @Test
    void registrationStaysPendingAndSettlesWhenTheServiceReturnsAndTheStreamTellsBoth() throws Exception {
        UUID rich = registrations.register(NewRegistration.sample());
        UUID poor = registrations.register(NewRegistration.sample().withBalance("0.01"));
        Registrations.Watch watch = registrations.watch(rich);
        awaitPublished();
        Waiting.until("the registration stays pending")
                .during(STAYS_PENDING)
                .until(() -> registrations.find(rich).status().equals(PENDING));
        assertThat(watch.statuses()).containsExactly(PENDING);

        system.startAgain(ServiceJar.PAYMENT);

        assertThat(registrations.awaitTerminal(rich)).isEqualTo(new Registrations.View(SUCCESS, null));
        assertThat(registrations.awaitTerminal(poor))
                .isEqualTo(new Registrations.View(FAILED, Reasons.NO_BALANCE_LEFT));
        watch.end().get(Waiting.LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(watch.statuses()).containsExactly(PENDING, SUCCESS);
    }

    @Test
    void replyThatNeverComesIsRejectedAndTheLateReplyLeavesNoPaymentInForceAndChangesNothing() {
        List<UUID> ids = IntStream.range(0, 5)
                .mapToObj(i -> registrations.register(NewRegistration.sample()))
                .toList();
        awaitPublished();

        ServiceProcess impatient = system.startAnother(
                ServiceJar.CUSTOMER,
                Map.of("SAGA_DEADLOCK_CHECK_INTERVAL_MS", "300", "SAGA_DEADLOCK_AFTER_MS", "1000"));
        impatient.awaitReady();
        Registrations.View rejected = new Registrations.View(FAILED, Reasons.REGISTRATION_DEAD_LOCK_DETECTED);
        ids.forEach(id -> assertThat(registrations.awaitTerminal(id)).isEqualTo(rejected));
        assertThat(impatient.metric("doorbell_registrations_deadlocked_total")).isEqualTo(ids.size());
        assertThat(impatient.terminate()).isZero();

        system.startAgain(ServiceJar.PAYMENT);
        Waiting.until("every customer has a payment, and none is in force")
                .until(() -> ids.stream()
                        .allMatch(id -> system.payments()
                                .texts("SELECT status FROM payment WHERE customer_id = ?", id)
                                .equals(List.of("REVERSED"))));
        system.awaitRest();

        for (UUID id : ids) {
            assertThat(registrations.find(id)).isEqualTo(rejected);
            assertThat(registrations.payments(id))
                    .extracting(payment -> payment.getString("status"))
                    .containsExactly("REVERSED");
            assertThat(system.customers().text("SELECT payment_outcome FROM customer WHERE id = ?", id))
                    .as("the late reply has come")
                    .isEqualTo("AUTHORIZED");
            assertThat(eventTypes(Topics.CUSTOMER, id))
                    .containsExactly(
                            EventTypes.CUSTOMER_PENDING_REGISTRATION,
                            EventTypes.CUSTOMER_NOT_REGISTERED,
                            EventTypes.CUSTOMER_REGISTRATION_DEAD_LOCK);
            assertThat(eventTypes(Topics.PAYMENT, id))
                    .containsExactly(EventTypes.PAYMENT_AUTHORIZED, EventTypes.PAYMENT_REVERSED);
        }
    }

    private void awaitPublished() {
        Waiting.until("the relay has published the registrations")
                .until(() -> system.settlement().published(system.customers()));
    }

    private Stream<String> eventTypes(String topic, UUID id) {
        return system.reader().about(topic, id.toString()).stream().map(event -> header(event, "ce_type"));
    }
}
