package dev.doorbell.system.faults.history;

import dev.doorbell.messages.Reasons;
import dev.doorbell.system.faults.history.Evidence.CustomerRow;
import dev.doorbell.system.faults.history.Evidence.PaymentRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the customer's row says of the payment is what the payment says, also when it came late, and the end fits it. */
final class RepliesWereRecorded implements Invariant {
    /** Whatever the payment says. */
    private static final Set<String> OTHER_ENDS =
            Set.of(Reasons.REGISTRATION_DEAD_LOCK_DETECTED, Reasons.IDENTITY_REFUSED);

    @Override
    public String name() {
        return "replies-were-recorded";
    }

    @Override
    public List<String> contradictions(History history) {
        List<String> found = new ArrayList<>();
        for (CustomerRow row : history.evidence().customerRows()) {
            for (PaymentRow payment : history.paymentsOf(row.id())) {
                boolean refused = payment.status().equals("REFUSED");
                String reply = refused ? "REFUSED" : "AUTHORIZED";
                boolean recorded =
                        reply.equals(row.paymentOutcome()) && payment.id().equals(row.paymentId());
                if (!recorded || !endFits(row, refused ? payment.reason() : null)) {
                    found.add(row + " does not fit " + payment);
                }
            }
        }
        return found;
    }

    private static boolean endFits(CustomerRow row, String refusal) {
        if (row.reason() != null && OTHER_ENDS.contains(row.reason())) {
            return true;
        }
        return refusal == null ? row.status().equals("REGISTRATION_SUCCESS") : refusal.equals(row.reason());
    }
}
