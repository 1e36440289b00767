package dev.doorbell.benchmarks.report;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A figure to reach.
 *
 * @param what in words
 * @param atLeast whether more is better; otherwise at most
 * @param measured from the medians of a report; NaN when that has not what it takes
 */
public record Target(String scenario, String what, boolean atLeast, double bound, ToDoubleFunction<Report> measured) {
    boolean reached(double value) {
        return atLeast ? value >= bound : value <= bound;
    }

    /** The bound as people write it. */
    String toReach() {
        String number = bound == Math.rint(bound) ? String.format(Locale.ROOT, "%,.0f", bound) : String.valueOf(bound);
        return (atLeast ? "\u2265 " : "\u2264 ") + number;
    }
}
