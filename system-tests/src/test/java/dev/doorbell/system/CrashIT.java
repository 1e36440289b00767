package dev.doorbell.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doorbell.messages.EventTypes;
import dev.doorbell.messages.Topics;
import dev.doorbell.system.harness.Database;
import dev.doorbell.system.harness.NewRegistration;
import dev.doorbell.system.harness.RegistrationStream;
import dev.doorbell.system.harness.Registrations;
import dev.doorbell.system.harness.RunningSystem;
import dev.doorbell.system.harness.ServiceJar;
import dev.doorbell.system.harness.ServiceProcess;
import dev.doorbell.system.harness.SystemExtension;
import dev.doorbell.system.harness.TopicReader;
import dev.doorbell.system.harness.Waiting;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * kill -9 in the middle of a stream of registrations. Whatever dies, everybody who got a 202 ends in one terminal status,
 * told by one event, with one payment that fits it. Kills of the other processes are among the faults of {@code
 * MixedFaultsIT}.
 */
@ExtendWith(SystemExtension.class)
class CrashIT {
    private static final int BEFORE = 15;
    private static final int AFTER = 15;

    /** A standby looks every 250 ms; without that it would take the place only when its idle session is ended. */
    private static final Duration TAKEOVER_LIMIT = Duration.ofSeconds(8);

    private static final String PENDING_SINCE =
            "SELECT count(*) FROM customer WHERE settled_at IS NULL AND created_at >= ?::timestamptz";

    private static final String WITH_USERNAME = "SELECT id FROM customer WHERE username = ?";

    private static final String WITHOUT_ONE_END = """
            SELECT c.id FROM customer c
            LEFT JOIN outbox o ON o.aggregate_id = c.id::text AND o.event_type IN (?, ?)
            WHERE c.created_at >= ?::timestamptz
            GROUP BY c.id HAVING count(o.seq) <> 1
            """;

    private final RunningSystem system;
    private String begin;

    CrashIT(RunningSystem system) {
        this.system = system;
    }

    @BeforeEach
    void allServicesRun() {
        system.ensureRunning();
        // Only a consumer that has joined its group can be missed by it.
        Registrations registrations = system.registrations();
        registrations.awaitTerminal(registrations.register(NewRegistration.sample()));
        system.awaitRest();
        begin = system.customers().text("SELECT now()");
    }

    @Test
    void customerServiceKilledAndStartedAgainLosesAndDoublesNothing() {
        try (RegistrationStream stream = RegistrationStream.start(system.registrations())) {
            stream.awaitMore(BEFORE);
            system.service(ServiceJar.CUSTOMER).kill();
            Waiting.until("a registration gets no answer").until(() -> stream.unanswered() > 0);
            system.startAgain(ServiceJar.CUSTOMER);
            stream.awaitMore(AFTER);
            requireSettledOnce(stream.end());
        }
    }

    /** Its caller gets no answer, and may not know that there is a customer; who is there comes to an end. */
    @Test
    void customerServiceKilledBetweenCommitAndAnswerLeavesOneCustomerWhoseSagaGoesOn() {
        NewRegistration registration = NewRegistration.sample();
        ServiceProcess service = system.service(ServiceJar.CUSTOMER);
        service.failpoint("customer.committed", "kill");
        assertThatThrownBy(() -> system.registrations().post(registration.json(), null))
                .isInstanceOf(UncheckedIOException.class);
        assertThat(service.exitCode()).as("exit code of a kill").isEqualTo(137);
        List<String> ids = system.customers().texts(WITH_USERNAME, registration.username());
        assertThat(ids).as("customers of a call without an answer").hasSize(1);

        system.startAgain(ServiceJar.CUSTOMER);
        UUID id = UUID.fromString(ids.get(0));
        assertThat(system.registrations().awaitTerminal(id).status()).isEqualTo(Registrations.SUCCESS);
        assertThat(system.registrations().post(registration.json(), null).statusCode())
                .as("the same again")
                .isEqualTo(409);
        system.awaitRest();
        assertThat(system.customers().texts(WITH_USERNAME, registration.username()))
                .isEqualTo(ids);
        assertThat(system.payments().texts("SELECT status FROM payment WHERE customer_id = ?", id))
                .containsExactly("AUTHORIZED");
    }

    @Test
    void standbyRelayGoesOnWhenTheLeaderIsKilled() {
        // So that it takes over because it asks, and not because its own idle session ends and is opened anew.
        ServiceProcess standby = system.startAnother(ServiceJar.RELAY, Map.of("RELAY_SESSION_TIMEOUT_MS", "60000"));
        standby.awaitReady();
        Waiting.until("the second relay stands by for both sources").until(() -> sources(standby, "standby") == 2);
        try (RegistrationStream stream = RegistrationStream.start(system.registrations())) {
            stream.awaitMore(BEFORE);
            system.service(ServiceJar.RELAY).kill();
            Waiting.until("the second relay leads both sources")
                    .atMost(TAKEOVER_LIMIT)
                    .until(() -> sources(standby, "leading") == 2);
            system.promote(standby);
            stream.awaitMore(AFTER);
            requireSettledOnce(stream.end());
        }
    }

    /** How many sources the relay has said this of. */
    private static long sources(ServiceProcess relay, String state) {
        return relay.output().stream()
                .filter(line -> line.endsWith(" " + state))
                .map(line -> line.substring(line.indexOf("source ")))
                .distinct()
                .count();
    }

    private void requireSettledOnce(List<UUID> accepted) {
        Database customers = system.customers();
        Database payments = system.payments();
        assertThat(accepted).hasSizeGreaterThanOrEqualTo(BEFORE + AFTER).doesNotHaveDuplicates();
        // Also those whose request was cut off: they may be there or not, but not for ever pending.
        Waiting.until("no registration is pending").until(() -> customers.number(PENDING_SINCE, begin) == 0);
        system.awaitRest();

        Map<String, String> outcomes =
                customers.texts("SELECT id || ' ' || status || coalesce(' ' || reason, '') FROM customer").stream()
                        .collect(Collectors.toMap(line -> line.substring(0, 36), line -> line.substring(37)));
        assertThat(outcomes.keySet()).containsAll(texts(accepted));
        assertThat(accepted)
                .extracting(id -> outcomes.get(id.toString()))
                .containsOnly("REGISTRATION_SUCCESS", "REGISTRATION_FAILED NO_BALANCE_LEFT");

        assertThat(customers.texts(
                        WITHOUT_ONE_END, EventTypes.CUSTOMER_REGISTERED, EventTypes.CUSTOMER_NOT_REGISTERED, begin))
                .as("customers with none or several terminal events")
                .isEmpty();
        Map<String, String> statuses = payments
                .texts("SELECT customer_id || ' ' || string_agg(status, ',') FROM payment GROUP BY customer_id")
                .stream()
                .collect(Collectors.toMap(line -> line.substring(0, 36), line -> line.substring(37)));
        for (UUID id : accepted) {
            boolean success = outcomes.get(id.toString()).equals("REGISTRATION_SUCCESS");
            assertThat(statuses.get(id.toString()))
                    .as("the payments of %s", id)
                    .isEqualTo(success ? "AUTHORIZED" : "REFUSED");
        }
        requireEverythingPublishedInOrder(customers, Topics.CUSTOMER);
        requireEverythingPublishedInOrder(payments, Topics.PAYMENT);
    }

    /** A crash may repeat records; the first occurrences of a key's events are in the order of commits, none missing. */
    private void requireEverythingPublishedInOrder(Database database, String topic) {
        Map<String, List<Long>> published = system.reader().read(topic).stream()
                .filter(record -> TopicReader.header(record, "ce_sequence") != null)
                .collect(Collectors.groupingBy(
                        TopicReader::key,
                        Collectors.mapping(
                                record -> Long.parseLong(TopicReader.header(record, "ce_sequence")),
                                Collectors.toList())));
        published.forEach(
                (key, sequences) -> assertThat(sequences.stream().distinct().toList())
                        .as("first occurrences of the events of %s", key)
                        .isSorted());
        TreeSet<Long> all =
                published.values().stream().flatMap(List::stream).collect(Collectors.toCollection(TreeSet::new));
        assertThat(database.texts("SELECT seq FROM outbox WHERE topic IS NULL").stream()
                        .map(Long::valueOf)
                        .toList())
                .as("events of the outbox that are in Kafka")
                .isSubsetOf(all);
    }

    private static List<String> texts(List<UUID> ids) {
        return ids.stream().map(UUID::toString).toList();
    }
}
