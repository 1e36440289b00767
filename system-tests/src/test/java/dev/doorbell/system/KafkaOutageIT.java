package dev.doorbell.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.system.harness.Database;
import dev.doorbell.system.harness.LiveHeap;
import dev.doorbell.system.harness.RegistrationFlood;
import dev.doorbell.system.harness.Registrations;
import dev.doorbell.system.harness.RunningSystem;
import dev.doorbell.system.harness.ServiceJar;
import dev.doorbell.system.harness.ServiceProcess;
import dev.doorbell.system.harness.Signals;
import dev.doorbell.system.harness.SystemExtension;
import dev.doorbell.system.harness.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Kafka falls silent while registrations come as fast as they are answered. It is stopped in its tracks, connections and
 * all: what is sent to it is neither answered nor refused, the worst for whoever keeps it in memory.
 */
@ExtendWith(SystemExtension.class)
class KafkaOutageIT {
    private static final int PENDING_MAX = 400;
    private static final int BEFORE = 200;
    /** At the limit; enough to see what each of them costs in memory. */
    private static final int REFUSED = 3_000;

    private static final long GROWTH_KIB_MAX = 48 * 1024;

    /** What the relay may send before it has an answer, the default of RELAY_IN_FLIGHT_BATCHES_MAX. */
    private static final int BATCHES_IN_FLIGHT_MAX = 4;

    private static final int SOURCES = 2;

    private static final String BATCHES_IN_FLIGHT = "doorbell_relay_batches_in_flight";

    /** Three times what may be in flight, in batches as large as they may be; nobody consumes them. */
    private static final String APPEND_BALLAST = """
            INSERT INTO outbox (event_id, aggregate_type, aggregate_id, event_type, payload)
            SELECT uuidv7(), 'ballast', i::text, 'Ballast', convert_to(repeat(md5(i::text), 64), 'UTF8')
            FROM generate_series(1, 24000) AS i
            """;

    private static final String REMOVE_BALLAST = "DELETE FROM outbox WHERE aggregate_type = 'ballast'";
    private static final String BALLAST_TOPIC = "outbox.event.ballast";
    private static final String UNPUBLISHED =
            "SELECT count(*) FROM outbox WHERE seq > (SELECT published_through FROM outbox_cursor)";

    private static final String PENDING = "SELECT count(*) FROM customer WHERE status = 'REGISTRATION_PENDING'";
    private static final String CUSTOMERS = "SELECT count(*) FROM customer";

    private final RunningSystem system;
    private final Database customers;
    private final long broker;

    KafkaOutageIT(RunningSystem system) {
        this.system = system;
        this.customers = system.customers();
        this.broker = system.stack().kafka().pid();
    }

    @AfterEach
    void thaw() throws Exception {
        Signals.send("CONT", broker);
        system.endOthers();
        customers.execute(REMOVE_BALLAST);
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", system.stack().kafka().bootstrapServers()))) {
            if (admin.listTopics().names().get().contains(BALLAST_TOPIC)) {
                admin.deleteTopics(List.of(BALLAST_TOPIC)).all().get();
            }
        }
    }

    @Test
    void whatIsAcceptedIsBoundedAndSettledAndTheRestIsRefusedUntilKafkaIsBack() throws IOException {
        system.awaitRest();
        long before = customers.number(CUSTOMERS);
        ServiceProcess customer = system.startAnother(
                ServiceJar.CUSTOMER, Map.of("ADMISSION_PENDING_MAX", Integer.toString(PENDING_MAX)));
        ServiceProcess relay = system.service(ServiceJar.RELAY);
        customer.awaitReady();
        // So that the topic is there, and the relay has loaded what it needs for full batches.
        customers.execute(APPEND_BALLAST);
        Waiting.until("ballast is published").until(() -> customers.number(UNPUBLISHED) == 0);
        long relayKib = LiveHeap.kib(relay);
        List<UUID> accepted;
        try (RegistrationFlood flood = RegistrationFlood.start(customer)) {
            Waiting.until("registrations are accepted").until(() -> flood.accepted() >= BEFORE);
            Signals.send("STOP", broker);
            customers.execute(APPEND_BALLAST);
            Waiting.until("as many as may be pending are").until(() -> pending() >= PENDING_MAX);
            long customerKib = residentKib(customer);
            Waiting.until("the relay has sent what it may")
                    .until(() -> relay.metric(BATCHES_IN_FLIGHT) >= BATCHES_IN_FLIGHT_MAX);
            int refusedAtLimit = flood.refused();
            Waiting.until("all that come are refused").until(() -> {
                assertThat(pending()).as("pending registrations").isLessThanOrEqualTo(PENDING_MAX);
                return flood.refused() >= refusedAtLimit + REFUSED;
            });
            assertThat(residentKib(customer) - customerKib)
                    .as("growth of the customer service at the limit, KiB")
                    .isLessThan(GROWTH_KIB_MAX);
            assertThat(LiveHeap.kib(relay) - relayKib)
                    .as("growth of the relay, KiB")
                    .isLessThan(GROWTH_KIB_MAX);
            assertThat(relay.metric(BATCHES_IN_FLIGHT))
                    .as("batches in flight")
                    .isLessThanOrEqualTo(SOURCES * BATCHES_IN_FLIGHT_MAX);
            assertThat(customer.isReady()).as("ready, if degraded").isTrue();

            Signals.send("CONT", broker);
            int acceptedInOutage = flood.accepted();
            Waiting.until("registrations are accepted again")
                    .until(() -> flood.accepted() >= acceptedInOutage + PENDING_MAX);
            assertThat(pending()).as("pending registrations").isLessThanOrEqualTo(PENDING_MAX);
            accepted = flood.end();
        }
        Waiting.until("none is pending").until(() -> pending() == 0);
        assertThat(customers.number(CUSTOMERS) - before)
                .as("customers, each of whom has got a 202")
                .isEqualTo(accepted.size());
        assertThat(customers.number(
                        "SELECT count(*) FROM customer WHERE status = ? AND id = ANY (string_to_array(?, ',')::uuid[])",
                        Registrations.SUCCESS,
                        String.join(",", accepted.stream().map(UUID::toString).toList())))
                .as("registrations that were accepted and have succeeded")
                .isEqualTo(accepted.size());
        system.awaitRest();
    }

    private long pending() {
        return customers.number(PENDING);
    }

    private static long residentKib(ServiceProcess process) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
