package dev.doorbell.system.faults.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.messages.Topics;
import dev.doorbell.system.harness.Database;
import dev.doorbell.system.harness.RunningSystem;
import dev.doorbell.system.harness.ServiceJar;
import dev.doorbell.system.harness.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The checker on what a real system leaves behind: nothing is wrong with it, and then somebody changes the databases. On a
 * system of its own, as others leave poison and customers that no call made.
 */
class HistoryIT {
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final int ACKNOWLEDGED_MIN = 60;

    @Test
    void undisturbedRunHasNoViolationsAndEveryLieIsSeen() {
        try (RunningSystem system = RunningSystem.start()) {
            LagHistory.install(system.customers());
            CallLog log = new CallLog(10_000);
            try (Load load =
                    Load.start(() -> system.service(ServiceJar.CUSTOMER).uri("/customers"), log, 7, 8, 200)) {
                Waiting.until("enough registrations of every kind").until(() -> enough(log));
                load.end();
            }
            Rest.await(system.settlement(), system.customers(), system.payments(), Rest.LIMIT);
            Evidence evidence = Evidence.read(system.customers(), system.payments(), system.reader());
            Expectations expectations = Expectations.ofUndisturbed(
                    DEADLINE, new Minimum(1, ACKNOWLEDGED_MIN, ACKNOWLEDGED_MIN / 2, ACKNOWLEDGED_MIN / 10, 0));
            assertThat(Invariants.check(evidence, log.calls(), expectations)).isEmpty();
            assertThat(log.inFlight()).isZero();

            List.of(ServiceJar.values()).forEach(jar -> system.service(jar).kill());
            tellLies(system, evidence);

            Evidence lies = Evidence.read(system.customers(), system.payments(), system.reader());
            assertThat(Invariants.check(lies, log.calls(), expectations).stream()
                            .map(Violation::invariant)
                            .collect(Collectors.toSet()))
                    .containsExactlyInAnyOrder(
                            "acknowledged-has-one-customer",
                            "customers-come-from-calls",
                            "terminal-in-time",
                            "usernames-unique",
                            "one-payment-in-force",
                            "registrations-follow-the-table",
                            "payments-follow-the-table",
                            "replies-were-recorded",
                            "reversals-are-remembered",
                            "every-event-published",
                            "nothing-from-nowhere",
                            "consumed-is-in-the-inbox",
                            "dead-letters-are-the-poison");
        }
    }

    private static boolean enough(CallLog log) {
        return log.count(call -> call.outcome() == Outcome.OK) >= ACKNOWLEDGED_MIN
                && log.count(call -> call.outcome() == Outcome.FAILED) > 0;
    }

    /** Each on customers of its own, in the order of their making. */
    private static void tellLies(RunningSystem system, Evidence evidence) {
        Database customers = system.customers();
        Database payments = system.payments();
        List<UUID> registered = evidence.customerRows().stream()
                .filter(row -> row.status().equals("REGISTRATION_SUCCESS"))
                .map(Evidence.CustomerRow::id)
                .toList();
        customers.execute("UPDATE customer SET last_name = 'Nobody' WHERE id = ?", registered.get(0));
        customers.execute(
                "UPDATE customer SET settled_at = settled_at + interval '1 h' WHERE id = ?", registered.get(1));
        customers.execute("UPDATE customer SET username_released_at = now() WHERE id = ?", registered.get(2));
        payments.execute(
                "UPDATE payment SET status = 'REVERSED', reason = 'X' WHERE customer_id = ?", registered.get(3));
        customers.execute("UPDATE customer SET payment_id = gen_random_uuid() WHERE id = ?", registered.get(4));
        payments.execute("UPDATE version_file SET reversed_at = now() WHERE customer_id = ?", registered.get(5));
        customers.execute(
                "UPDATE outbox SET payload = set_byte(payload, length(payload) - 2, 33)"
                        + " WHERE aggregate_id = ? AND event_type = 'CustomerRegisteredEvent'",
                registered.get(6).toString());
        customers.execute("DELETE FROM inbox WHERE event_id = (SELECT min(event_id::text)::uuid FROM inbox)");
        customers.execute(
                "INSERT INTO parked_key (consumer, topic, record_key) VALUES (?, ?, 'k')",
                Rest.CUSTOMER_GROUP,
                Topics.PAYMENT);
        system.writer().event(Topics.PAYMENT, "k", "PaymentReversedEvent", "{}");
    }
}
