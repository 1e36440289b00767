package dev.doorbell.system.faults.history;

import dev.doorbell.system.faults.history.Evidence.CustomerRow;
import dev.doorbell.system.faults.history.Evidence.PaymentRow;
import java.util.ArrayList;
import java.util.List;

/**
 * A registered customer has exactly one payment in force, a failed one none. Every customer has exactly one payment, for
 * each was asked for; and no payment is there without its customer.
 */
final class OnePaymentInForce implements Invariant {
    @Override
    public String name() {
        return "one-payment-in-force";
    }

    @Override
    public List<String> contradictions(History history) {
        List<String> found = new ArrayList<>();
        for (CustomerRow row : history.evidence().customerRows()) {
            List<PaymentRow> payments = history.paymentsOf(row.id());
            long inForce = payments.stream()
                    .filter(payment -> payment.status().equals("AUTHORIZED"))
                    .count();
            long expected = row.status().equals("REGISTRATION_SUCCESS") ? 1 : 0;
            if (payments.size() != 1 || inForce != expected) {
                found.add(row + " has " + payments);
            }
        }
        for (PaymentRow payment : history.evidence().paymentRows()) {
            if (history.customers(payment.customerId()).isEmpty()) {
                found.add(payment + " has no customer");
            }
        }
        return found;
    }
}
