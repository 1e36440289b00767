package dev.doorbell.system.faults.history;

import dev.doorbell.messages.Reasons;
import dev.doorbell.system.faults.history.Evidence.CustomerRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Every registration is terminal within its deadline and 60 s more, and none is rejected as overdue before its deadline.
 * That counts from the last moment before the end at which the deadlock detector found its own relay or consumer behind,
 * as the product promises; a success, which waits for its user without a deadline, also from a return of the identity
 * provider.
 */
final class TerminalInTime implements Invariant {
    private static final Duration GRACE = Duration.ofSeconds(60);
    /** A detector that is already rejecting does not see the lag that another instance notes meanwhile. */
    static final Duration UNSEEN = Duration.ofSeconds(1);

    @Override
    public String name() {
        return "terminal-in-time";
    }

    @Override
    public List<String> contradictions(History history) {
        List<String> found = new ArrayList<>();
        for (CustomerRow row : history.evidence().customerRows()) {
            if (row.settledAt() == null || row.status().equals("REGISTRATION_PENDING")) {
                found.add(row + " is not terminal");
                continue;
            }
            List<Instant> lags = history.evidence().lags();
            Duration deadline = history.expectations().deadline();
            List<Instant> held = new ArrayList<>(lags);
            if (row.status().equals("REGISTRATION_SUCCESS")) {
                history.expectations().identities().ifPresent(provider -> held.addAll(provider.returns()));
            }
            Instant countedFrom = countedFrom(row, held, row.settledAt());
            Duration took = Duration.between(countedFrom, row.settledAt());
            if (row.settledAt().isBefore(row.createdAt()) || took.compareTo(deadline.plus(GRACE)) > 0) {
                found.add(row + " took " + took.toMillis() + " ms from " + countedFrom);
            }
            Instant overdueFrom = countedFrom(row, lags, row.settledAt().minus(UNSEEN));
            if (Reasons.REGISTRATION_DEAD_LOCK_DETECTED.equals(row.reason())
                    && row.settledAt().isBefore(overdueFrom.plus(deadline))) {
                found.add(row + " was rejected too early; its deadline counts from " + overdueFrom);
            }
        }
        return found;
    }

    private static Instant countedFrom(CustomerRow row, List<Instant> lags, Instant end) {
        return lags.stream()
                .filter(lag -> lag.isAfter(row.createdAt()) && lag.isBefore(end))
                .max(Instant::compareTo)
                .orElse(row.createdAt());
    }
}
