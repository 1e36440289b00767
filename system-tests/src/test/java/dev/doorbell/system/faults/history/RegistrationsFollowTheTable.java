package dev.doorbell.system.faults.history;

import static dev.doorbell.messages.EventTypes.CUSTOMER_NOT_REGISTERED;
import static dev.doorbell.messages.EventTypes.CUSTOMER_PENDING_REGISTRATION;
import static dev.doorbell.messages.EventTypes.CUSTOMER_REGISTERED;
import static dev.doorbell.messages.EventTypes.CUSTOMER_REGISTRATION_DEAD_LOCK;

import dev.doorbell.messages.CustomerNotRegistered;
import dev.doorbell.messages.CustomerPendingRegistration;
import dev.doorbell.messages.CustomerRegistered;
import dev.doorbell.messages.CustomerRegistrationDeadLock;
import dev.doorbell.messages.Reasons;
import dev.doorbell.system.faults.history.Evidence.CustomerRow;
import dev.doorbell.system.faults.history.Evidence.OutboxRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The events of a registration are one way through its state table, and the row stands where that way ends. So terminal
 * is final: there is exactly one terminal event, told once.
 */
final class RegistrationsFollowTheTable implements Invariant {
    private static final List<String> REJECTED = List.of(CUSTOMER_PENDING_REGISTRATION, CUSTOMER_NOT_REGISTERED);

    /**
     * By status and reason; not taken from the product's own table, for a checker must not believe what it checks. A
     * test compares the two.
     */
    static final Map<String, List<String>> WAYS = Map.of(
            "REGISTRATION_SUCCESS",
            List.of(CUSTOMER_PENDING_REGISTRATION, CUSTOMER_REGISTERED),
            "REGISTRATION_FAILED " + Reasons.NO_BALANCE_LEFT,
            REJECTED,
            "REGISTRATION_FAILED " + Reasons.CARD_EXPIRED,
            REJECTED,
            "REGISTRATION_FAILED " + Reasons.IDENTITY_REFUSED,
            REJECTED,
            "REGISTRATION_FAILED " + Reasons.REGISTRATION_DEAD_LOCK_DETECTED,
            List.of(CUSTOMER_PENDING_REGISTRATION, CUSTOMER_NOT_REGISTERED, CUSTOMER_REGISTRATION_DEAD_LOCK));

    @Override
    public String name() {
        return "registrations-follow-the-table";
    }

    @Override
    public List<String> contradictions(History history) {
        List<String> found = new ArrayList<>();
        Map<String, List<OutboxRow>> events =
                new HashMap<>(history.eventsByAggregate(history.evidence().customers()));
        for (CustomerRow row : history.evidence().customerRows()) {
            List<OutboxRow> told = events.getOrDefault(row.id().toString(), List.of());
            boolean itsWay = Messages.types(told).equals(WAYS.get(end(row)));
            if (!itsWay || !told.stream().allMatch(event -> fits(event, row))) {
                found.add(row + " has the events " + told);
            }
        }
        history.evidence().customerRows().forEach(row -> events.remove(row.id().toString()));
        events.forEach((id, told) -> found.add("there is no customer " + id + " for " + told));
        return found;
    }

    private static String end(CustomerRow row) {
        return row.status() + (row.reason() == null ? "" : " " + row.reason());
    }

    private static boolean fits(OutboxRow event, CustomerRow row) {
        return switch (event.type()) {
            case CUSTOMER_PENDING_REGISTRATION ->
                Messages.says(
                        event,
                        CustomerPendingRegistration.class,
                        said -> said.customerId().equals(row.id())
                                && said.lastName().equals(row.lastName()));
            case CUSTOMER_REGISTERED ->
                Messages.says(
                        event,
                        CustomerRegistered.class,
                        said -> said.customerId().equals(row.id())
                                && said.username().equals(row.username()));
            case CUSTOMER_NOT_REGISTERED ->
                Messages.says(
                        event,
                        CustomerNotRegistered.class,
                        said -> said.customerId().equals(row.id())
                                && said.reason().equals(row.reason()));
            case CUSTOMER_REGISTRATION_DEAD_LOCK ->
                Messages.says(
                        event,
                        CustomerRegistrationDeadLock.class,
                        said -> said.customerId().equals(row.id()));
            default -> false;
        };
    }
}
