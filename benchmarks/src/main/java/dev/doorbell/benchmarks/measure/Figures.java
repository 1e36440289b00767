package dev.doorbell.benchmarks.measure;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What one measurement found, by names that end in the unit; in the order in which a reader wants them. */
public final class Figures {
    private static final double MICROS_PER_MS = 1_000.0;

    private final Map<String, Double> values = new LinkedHashMap<>();

    public Figures put(String name, double value) {
        values.put(name, value);
        return this;
    }

    /** Percentiles of microseconds, as {@code <name>_p50_ms} and so on. */
    public Figures putMillis(String name, Histogram micros) {
        if (micros.getTotalCount() == 0) {
            return this;
        }
        put(name + "_p50_ms", micros.getValueAtPercentile(50) / MICROS_PER_MS);
        put(name + "_p95_ms", micros.getValueAtPercentile(95) / MICROS_PER_MS);
        put(name + "_p99_ms", micros.getValueAtPercentile(99) / MICROS_PER_MS);
        put(name + "_p99.9_ms", micros.getValueAtPercentile(99.9) / MICROS_PER_MS);
        put(name + "_max_ms", micros.getMaxValue() / MICROS_PER_MS);
        return this;
    }

    /** What must be nought, and is shown that it is. */
    public Figures putFaults(Audit audit) {
        put("lost", audit.lost());
        put("duplicates", audit.duplicates());
        return put("order_violations", audit.orderViolations());
    }

    public Map<String, Double> values() {
        return new LinkedHashMap<>(values);
    }
}
