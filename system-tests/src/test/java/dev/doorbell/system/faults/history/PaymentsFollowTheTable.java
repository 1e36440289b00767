package dev.doorbell.system.faults.history;

import static dev.doorbell.messages.EventTypes.PAYMENT_AUTHORIZED;
import static dev.doorbell.messages.EventTypes.PAYMENT_NOT_AUTHORIZED;
import static dev.doorbell.messages.EventTypes.PAYMENT_REVERSED;

import dev.doorbell.messages.PaymentAuthorized;
import dev.doorbell.messages.PaymentNotAuthorized;
import dev.doorbell.messages.PaymentReversed;
import dev.doorbell.system.faults.history.Evidence.OutboxRow;
import dev.doorbell.system.faults.history.Evidence.PaymentRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The events of a payment are one way through its state table: nothing is reversed that was not authorised before. */
final class PaymentsFollowTheTable implements Invariant {
    /** By the status at the end; written down on its own, as in {@link RegistrationsFollowTheTable}. */
    static final Map<String, List<String>> WAYS = Map.of(
            "AUTHORIZED", List.of(PAYMENT_AUTHORIZED),
            "REFUSED", List.of(PAYMENT_NOT_AUTHORIZED),
            "REVERSED", List.of(PAYMENT_AUTHORIZED, PAYMENT_REVERSED));

    @Override
    public String name() {
        return "payments-follow-the-table";
    }

    @Override
    public List<String> contradictions(History history) {
        List<String> found = new ArrayList<>();
        Map<String, List<OutboxRow>> events =
                new HashMap<>(history.eventsByAggregate(history.evidence().payments()));
        for (PaymentRow row : history.evidence().paymentRows()) {
            List<OutboxRow> told = events.getOrDefault(row.id().toString(), List.of());
            boolean itsWay = Messages.types(told).equals(WAYS.get(row.status()));
            if (!itsWay || !told.stream().allMatch(event -> fits(event, row))) {
                found.add(row + " has the events " + told);
            }
        }
        history.evidence().paymentRows().forEach(row -> events.remove(row.id().toString()));
        events.forEach((id, told) -> found.add("there is no payment " + id + " for " + told));
        return found;
    }

    private static boolean fits(OutboxRow event, PaymentRow row) {
        return switch (event.type()) {
            case PAYMENT_AUTHORIZED ->
                Messages.says(
                        event,
                        PaymentAuthorized.class,
                        said -> said.paymentId().equals(row.id())
                                && said.customerId().equals(row.customerId())
                                && said.amount().compareTo(row.amount()) == 0);
            case PAYMENT_NOT_AUTHORIZED ->
                Messages.says(
                        event,
                        PaymentNotAuthorized.class,
                        said -> said.paymentId().equals(row.id())
                                && said.customerId().equals(row.customerId())
                                && said.reason().equals(row.reason()));
            case PAYMENT_REVERSED ->
                Messages.says(
                        event,
                        PaymentReversed.class,
                        said -> said.paymentId().equals(row.id())
                                && said.customerId().equals(row.customerId())
                                && said.amount().compareTo(row.amount()) == 0);
            default -> false;
        };
    }
}
