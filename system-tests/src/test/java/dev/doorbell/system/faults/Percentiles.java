package dev.doorbell.system.faults;

import java.time.Duration;
import java.util.List;

/** Percentiles by the nearest rank: every one of them was measured, none interpolated. */
final class Percentiles {
    private Percentiles() {}

    /** In seconds; 0 without any. */
    static double seconds(List<Duration> measured, int percent) {
        if (measured.isEmpty()) {
            return 0;
        }
        List<Duration> sorted = measured.stream().sorted().toList();
        int rank = (int) Math.ceil(percent / 100.0 * sorted.size());
        return sorted.get(Math.max(rank, 1) - 1).toMillis() / 1000.0;
    }
}
