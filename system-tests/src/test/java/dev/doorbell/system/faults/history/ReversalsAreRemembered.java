package dev.doorbell.system.faults.history;

import dev.doorbell.messages.Reasons;
import dev.doorbell.system.faults.history.Evidence.CustomerRow;
import dev.doorbell.system.faults.history.Evidence.PaymentRow;
import dev.doorbell.system.faults.history.Evidence.VersionFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * The payment service has noted every request, and every failure and no other; what it refused or gave back because of a
 * failure did have one.
 */
final class ReversalsAreRemembered implements Invariant {
    @Override
    public String name() {
        return "reversals-are-remembered";
    }

    @Override
    public List<String> contradictions(History history) {
        List<String> found = new ArrayList<>();
        Map<UUID, List<VersionFile>> files = History.by(history.evidence().versionFiles(), VersionFile::customerId);
        for (CustomerRow row : history.evidence().customerRows()) {
            List<VersionFile> noted = files.getOrDefault(row.id(), List.of());
            boolean failed = row.status().equals("REGISTRATION_FAILED");
            boolean right = noted.size() == 1
                    && noted.get(0).requestedAt() != null
                    && (noted.get(0).reversedAt() != null) == failed;
            if (!right) {
                found.add(row + " has the version file " + noted);
            }
            for (PaymentRow payment : history.paymentsOf(row.id())) {
                boolean becauseOfFailure = payment.status().equals("REVERSED")
                        || Reasons.REGISTRATION_ALREADY_FAILED.equals(payment.reason());
                if (becauseOfFailure && !failed) {
                    found.add(payment + " was undone, but " + row + " did not fail");
                }
                if (payment.status().equals("REVERSED") && !Objects.equals(payment.reason(), row.reason())) {
                    found.add(payment + " was given back for another reason than that of " + row);
                }
            }
        }
        files.keySet().stream()
                .filter(id -> history.customers(id).isEmpty())
                .forEach(id -> found.add("there is no customer for the version file of " + id));
        return found;
    }
}
