package dev.doorbell.system.faults.history;

import dev.doorbell.system.faults.history.Evidence.CustomerRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Every registration is terminal within its deadline and 60 s more. The deadline counts from the last moment before at
 * which the deadlock detector found its own relay or consumer behind, as the product promises.
 */
final class TerminalInTime implements Invariant {
    private static final Duration GRACE = Duration.ofSeconds(60);

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
            Instant countedFrom = countedFrom(row, history.evidence().lags());
            Duration took = Duration.between(countedFrom, row.settledAt());
            if (row.settledAt().isBefore(row.createdAt())
                    || took.compareTo(history.expectations().deadline().plus(GRACE)) > 0) {
                found.add(row + " took " + took.toMillis() + " ms from " + countedFrom);
            }
        }
        return found;
    }

    private static Instant countedFrom(CustomerRow row, List<Instant> lags) {
        return lags.stream()
                .filter(lag -> lag.isAfter(row.createdAt()) && lag.isBefore(row.settledAt()))
                .max(Instant::compareTo)
                .orElse(row.createdAt());
    }
}
