package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.DriftKind;
import java.util.Collection;
import java.util.Map;

/**
 * What a comparison came to; of one that took up an unfinished one, its own part.
 *
 * @param users of the provider that were read, some of them twice
 * @param customers that were read
 * @param repaired of those found
 */
public record ReconcileReport(
        boolean continued,
        long users,
        long customers,
        Map<DriftKind, Integer> found,
        Map<DriftKind, Integer> repaired) {
    public int foundCount() {
        return sum(found.values());
    }

    public int repairedCount() {
        return sum(repaired.values());
    }

    public int left(DriftKind kind) {
        return found.getOrDefault(kind, 0) - repaired.getOrDefault(kind, 0);
    }

    private static int sum(Collection<Integer> counts) {
        return counts.stream().mapToInt(Integer::intValue).sum();
    }
}
