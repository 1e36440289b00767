package dev.doorbell.benchmarks.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All that one run of the benchmarks has measured, and on what. */
public final class Report {
    /**
     * One scenario's heading.
     *
     * @param headlines the figures that the chart shows
     */
    public record Heading(String question, List<String> headlines) {}

    private final boolean quick;
    private final Map<String, String> machine;
    private final Map<String, Heading> headings = new LinkedHashMap<>();
    private final List<Measurement> measurements = new ArrayList<>();
    private final List<Target> targets;

    /**
     * @param quick whether nothing here may be compared
     * @param targets what it is compared with
     */
    public Report(boolean quick, Map<String, String> machine, List<Target> targets) {
        this.quick = quick;
        this.machine = new LinkedHashMap<>(machine);
        this.targets = List.copyOf(targets);
    }

    public void heading(String scenario, Heading heading) {
        headings.put(scenario, heading);
    }

    public void add(Measurement measurement) {
        measurements.add(measurement);
    }

    public boolean quick() {
        return quick;
    }

    public Map<String, String> machine() {
        return machine;
    }

    public Map<String, Heading> headings() {
        return headings;
    }

    public List<Measurement> measurements() {
        return measurements;
    }

    List<Target> targets() {
        return targets;
    }

    List<Measurement> of(String scenario) {
        return measurements.stream()
                .filter(measurement -> measurement.scenario().equals(scenario))
                .toList();
    }

    Set<String> subjects(String scenario) {
        Set<String> subjects = new LinkedHashSet<>();
        of(scenario).forEach(measurement -> subjects.add(measurement.subject()));
        return subjects;
    }

    /** The median over the rounds, of two the mean; NaN when the subject has no such figure. */
    double median(String scenario, String subject, String figure) {
        double[] values = of(scenario).stream()
                .filter(measurement -> measurement.subject().equals(subject))
                .filter(measurement -> measurement.figures().containsKey(figure))
                .mapToDouble(measurement -> measurement.figures().get(figure))
                .sorted()
                .toArray();
        return values.length == 0
                ? Double.NaN
                : Arrays.stream(values, (values.length - 1) / 2, values.length / 2 + 1)
                        .average()
                        .orElseThrow();
    }
}
