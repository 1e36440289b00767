package dev.doorbell.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The report as Markdown: a table per scenario, a row per figure, a column per subject, medians over the rounds. */
public final class Table {
    private Table() {}

    public static String of(Report report) {
        StringBuilder text = new StringBuilder();
        if (report.quick()) {
            text.append("**--quick: too short and too cold to compare anything.**\n\n");
        }
        report.machine()
                .forEach((what, value) -> text.append("- ")
                        .append(what)
                        .append(": ")
                        .append(value)
                        .append('\n'));
        report.headings().forEach((scenario, heading) -> {
            text.append("\n### ")
                    .append(scenario)
                    .append("\n\n")
                    .append(heading.question())
                    .append(".\n\n");
            table(text, report, scenario);
        });
        targets(text, report);
        return text.toString();
    }

    /** What was too short to compare anything reaches nothing. */
    private static void targets(StringBuilder text, Report report) {
        List<Map<String, Object>> targets = report.quick() ? List.of() : Targets.of(report);
        if (targets.isEmpty()) {
            return;
        }
        text.append("\n### To reach\n\n");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", "to reach", "measured", ""));
        targets.forEach(target -> rows.add(List.of(
                target.get("scenario") + ": " + target.get("what"),
                String.valueOf(target.get("to_reach")),
                Numbers.show((Double) target.get("measured")),
                Boolean.TRUE.equals(target.get("reached")) ? "" : "not reached")));
        aligned(text, rows);
    }

    private static void table(StringBuilder text, Report report, String scenario) {
        List<String> subjects = new ArrayList<>(report.subjects(scenario));
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(""));
        head.addAll(subjects);
        rows.add(head);
        for (String figure : figures(report, scenario)) {
            List<String> row = new ArrayList<>(List.of(figure));
            subjects.forEach(subject -> row.add(Numbers.show(report.median(scenario, subject, figure))));
            rows.add(row);
        }
        aligned(text, rows);
        report.of(scenario).stream()
                .filter(measurement -> measurement.failure() != null)
                .forEach(measurement -> text.append("\n- ")
                        .append(measurement.subject())
                        .append(", round ")
                        .append(measurement.round())
                        .append(": failed: ")
                        .append(measurement.failure().lines().findFirst().orElse("")));
        text.append('\n');
    }

    private static void aligned(StringBuilder text, List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        for (int i = 0; i < rows.size(); i++) {
            line(text, rows.get(i), widths);
            if (i == 0) {
                rule(text, widths);
            }
        }
    }

    private static Set<String> figures(Report report, String scenario) {
        Set<String> figures = new LinkedHashSet<>();
        report.of(scenario)
                .forEach(measurement -> figures.addAll(measurement.figures().keySet()));
        return figures;
    }

    private static void line(StringBuilder text, List<String> cells, int[] widths) {
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - cells.get(i).length());
            text.append(i == 0 ? "| " + cells.get(i) + padding : padding + cells.get(i))
                    .append(" | ");
        }
        text.setLength(text.length() - 1);
        text.append('\n');
    }

    private static void rule(StringBuilder text, int[] widths) {
        for (int i = 0; i < widths.length; i++) {
            text.append(i == 0 ? "| ---" : "| ---:").append(' ');
        }
        text.append("|\n");
    }
}
