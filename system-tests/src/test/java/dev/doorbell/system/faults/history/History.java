package dev.doorbell.system.faults.history;

import dev.doorbell.system.faults.history.Evidence.CustomerRow;
import dev.doorbell.system.faults.history.Evidence.OutboxRow;
import dev.doorbell.system.faults.history.Evidence.PaymentRow;
import dev.doorbell.system.faults.history.Evidence.Side;
import dev.doorbell.system.faults.history.Evidence.TopicRecord;
import dev.doorbell.system.faults.history.Evidence.User;
import dev.doorbell.system.faults.history.Expectations.Poison;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the invariants look at: evidence, calls and expectations, with the look-ups that several of them need. */
final class History {
    /** What the outbox library calls its announcements of dead letters. */
    static final String DEAD_LETTER_EVENT = "DeadLetterEvent";

    private final Evidence evidence;
    private final List<Call> calls;
    private final Expectations expectations;
    private final Map<UUID, List<CustomerRow>> customersById;
    private final Map<String, List<CustomerRow>> customersByLastName;
    private final Map<UUID, List<PaymentRow>> paymentsByCustomer;
    private final Map<UUID, List<TopicRecord>> recordsById;
    private final Map<String, List<User>> usersByCustomer;

    History(Evidence evidence, List<Call> calls, Expectations expectations) {
        this.evidence = evidence;
        this.calls = List.copyOf(calls);
        this.expectations = expectations;
        this.customersById = by(evidence.customerRows(), CustomerRow::id);
        this.customersByLastName = by(evidence.customerRows(), CustomerRow::lastName);
        this.paymentsByCustomer = by(evidence.paymentRows(), PaymentRow::customerId);
        this.recordsById = by(
                evidence.records().stream()
                        .filter(record -> record.eventId() != null)
                        .toList(),
                TopicRecord::eventId);
        this.usersByCustomer = by(
                evidence.users().stream()
                        .filter(user -> user.customerId() != null)
                        .toList(),
                User::customerId);
    }

    static <K, V> Map<K, List<V>> by(Collection<V> values, Function<V, K> key) {
        return values.stream().collect(Collectors.groupingBy(key));
    }

    Evidence evidence() {
        return evidence;
    }

    List<Call> calls() {
        return calls;
    }

    List<Call> calls(Outcome outcome) {
        return calls.stream().filter(call -> call.outcome() == outcome).toList();
    }

    Expectations expectations() {
        return expectations;
    }

    List<CustomerRow> customers(UUID id) {
        return customersById.getOrDefault(id, List.of());
    }

    /** Those that the call made. */
    List<CustomerRow> customersOf(Call call) {
        return customersByLastName.getOrDefault(call.lastName(), List.of());
    }

    List<PaymentRow> paymentsOf(UUID customerId) {
        return paymentsByCustomer.getOrDefault(customerId, List.of());
    }

    /** Those that say that they are this customer's. */
    List<User> usersOf(UUID customerId) {
        return usersByCustomer.getOrDefault(customerId.toString(), List.of());
    }

    List<TopicRecord> records(UUID eventId) {
        return recordsById.getOrDefault(eventId, List.of());
    }

    List<Side> sides() {
        return List.of(evidence.customers(), evidence.payments());
    }

    Stream<OutboxRow> outboxRows() {
        return sides().stream().flatMap(side -> side.outbox().stream());
    }

    /** The events that the service itself appended for its aggregates, in their order, by aggregate. */
    Map<String, List<OutboxRow>> eventsByAggregate(Side side) {
        return by(
                side.outbox().stream()
                        .filter(row -> !row.type().equals(DEAD_LETTER_EVENT) && !isInjected(row.eventId()))
                        .toList(),
                OutboxRow::aggregateId);
    }

    boolean isInjected(UUID eventId) {
        return eventId != null
                && expectations.poison().stream().map(Poison::eventId).anyMatch(eventId::equals);
    }

    /** A record that was written past the relay, or whose row was: by its id, or by its key when it has none of ours. */
    boolean isInjected(TopicRecord record) {
        return isInjected(record.eventId())
                || expectations.poison().stream()
                        .anyMatch(poison -> poison.eventId() == null
                                && poison.topic().equals(record.topic())
                                && Objects.equals(Rows.utf8(poison.key()), record.key()));
    }
}
