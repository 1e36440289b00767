package dev.doorbell.benchmarks.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What a report says of the figures to reach: those of one subject, and ratios of two that had their turns in one run. */
public final class Targets {
    private static final String OURS = "doorbell";

    private Targets() {}

    /** Those that the report has measured, with {@code measured} and {@code reached}; for tables and JSON. */
    static List<Map<String, Object>> of(Report report) {
        return report.targets().stream()
                .filter(target -> !Double.isNaN(target.measured().applyAsDouble(report)))
                .map(target -> row(target, target.measured().applyAsDouble(report)))
                .toList();
    }

    private static Map<String, Object> row(Target target, double value) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("scenario", target.scenario());
        row.put("what", target.what());
        row.put("to_reach", target.toReach());
        row.put("measured", value);
        row.put("reached", target.reached(value));
        return row;
    }

    public static Target atLeast(String scenario, String what, double bound, ToDoubleFunction<Report> measured) {
        return new Target(scenario, what, true, bound, measured);
    }

    public static Target atMost(String scenario, String what, double bound, ToDoubleFunction<Report> measured) {
        return new Target(scenario, what, false, bound, measured);
    }

    /** A subject's figure. */
    public static ToDoubleFunction<Report> figure(String scenario, String subject, String figure) {
        return report -> report.median(scenario, subject, figure);
    }

    /** A subject's figure as a part of another's in the same scenario. */
    public static ToDoubleFunction<Report> ratio(String scenario, String subject, String other, String figure) {
        return ratio(figure(scenario, subject, figure), figure(scenario, other, figure));
    }

    public static ToDoubleFunction<Report> ratio(ToDoubleFunction<Report> of, ToDoubleFunction<Report> to) {
        return report -> of.applyAsDouble(report) / to.applyAsDouble(report);
    }

    /** A figure summed over all turns of ours in all scenarios; NaN where none has it. */
    public static ToDoubleFunction<Report> sumOfOurs(List<String> figures) {
        return report -> report.measurements().stream()
                .filter(measurement -> measurement.subject().startsWith(OURS))
                .flatMap(measurement -> measurement.figures().entrySet().stream())
                .filter(entry -> figures.contains(entry.getKey()))
                .mapToDouble(Map.Entry::getValue)
                .reduce(Double::sum)
                .orElse(Double.NaN);
    }
}
