package dev.doorbell.system.faults.history;

import dev.doorbell.messages.Card;
import dev.doorbell.messages.CustomerPendingRegistration;
import dev.doorbell.messages.EventTypes;
import dev.doorbell.messages.Reasons;
import dev.doorbell.system.faults.history.Evidence.OutboxRow;
import dev.doorbell.system.faults.history.Evidence.PaymentRow;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A fee is authorised when the card that the event told of covers it, and refused for what is wrong with that card. */
final class FeesFollowTheCard implements Invariant {
    @Override
    public String name() {
        return "fees-follow-the-card";
    }

    @Override
    public List<String> contradictions(History history) {
        List<String> found = new ArrayList<>();
        Map<String, List<OutboxRow>> events =
                history.eventsByAggregate(history.evidence().customers());
        for (PaymentRow payment : history.evidence().paymentRows()) {
            List<OutboxRow> requests = events.getOrDefault(payment.customerId().toString(), List.of()).stream()
                    .filter(event -> event.type().equals(EventTypes.CUSTOMER_PENDING_REGISTRATION))
                    .toList();
            boolean tooLate = Reasons.REGISTRATION_ALREADY_FAILED.equals(payment.reason());
            if (requests.isEmpty() || !tooLate && !requests.stream().allMatch(request -> follows(payment, request))) {
                found.add(payment + " does not follow from " + requests);
            }
        }
        return found;
    }

    private static boolean follows(PaymentRow payment, OutboxRow request) {
        return Messages.says(request, CustomerPendingRegistration.class, said -> {
            String refusal = payment.status().equals("REFUSED") ? payment.reason() : null;
            return Objects.equals(refusal, refusal(said.card(), payment));
        });
    }

    /** Null when there is nothing to refuse. */
    private static String refusal(Card card, PaymentRow payment) {
        if (card.validThru().isBefore(LocalDate.ofInstant(payment.createdAt(), ZoneOffset.UTC))) {
            return Reasons.CARD_EXPIRED;
        }
        return card.balance().compareTo(payment.amount()) < 0 ? Reasons.NO_BALANCE_LEFT : null;
    }
}
