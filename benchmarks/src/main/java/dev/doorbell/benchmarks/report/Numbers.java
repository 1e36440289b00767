package dev.doorbell.benchmarks.report;

import java.util.Locale;

/** Figures for people: about three digits that matter. */
final class Numbers {
    private Numbers() {}

    static String show(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        if (value == Math.rint(value) || Math.abs(value) >= 100) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(
                Locale.ROOT, Math.abs(value) >= 10 ? "%.1f" : Math.abs(value) >= 0.1 ? "%.2f" : "%.4f", value);
    }
}
