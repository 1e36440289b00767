package dev.doorbell.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The headlines of every scenario as bars, in one SVG file without anything from elsewhere. */
public final class Chart {
    private static final int WIDTH = 820;
    private static final int LABEL_WIDTH = 250;
    private static final int VALUE_WIDTH = 90;
    private static final int BAR_HEIGHT = 16;
    private static final int BAR_STEP = 21;
    private static final int HEAD_STEP = 34;

    private final StringBuilder body = new StringBuilder();
    private int y;

    private Chart() {}

    public static String of(Report report) {
        Chart chart = new Chart();
        chart.y = 24;
        chart.text(16, "bold", report.quick() ? "--quick: not to be compared" : "Medians over the rounds");
        report.headings()
                .forEach((scenario, heading) ->
                        heading.headlines().forEach(figure -> chart.panel(report, scenario, figure)));
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
                <rect width="100%%" height="100%%" fill="white"/>
                %s</svg>
                """.formatted(WIDTH, chart.y + HEAD_STEP, chart.body);
    }

    private void panel(Report report, String scenario, String figure) {
        Set<String> subjects = report.subjects(scenario);
        double max = subjects.stream()
                .mapToDouble(subject -> report.median(scenario, subject, figure))
                .filter(value -> !Double.isNaN(value))
                .max()
                .orElse(0);
        if (max <= 0) {
            return;
        }
        y += HEAD_STEP;
        text(16, "bold", scenario + ": " + figure);
        List<String> shown = new ArrayList<>(subjects);
        shown.removeIf(subject -> Double.isNaN(report.median(scenario, subject, figure)));
        for (String subject : shown) {
            double value = report.median(scenario, subject, figure);
            y += BAR_STEP;
            text(16, "normal", subject);
            int length = (int) Math.max(1, value / max * (WIDTH - LABEL_WIDTH - VALUE_WIDTH));
            body.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>%n",
                    LABEL_WIDTH,
                    y - BAR_HEIGHT + 4,
                    length,
                    BAR_HEIGHT,
                    subject.startsWith("doorbell") ? "#1f6feb" : "#9aa4b2"));
            text(LABEL_WIDTH + length + 6, "normal", Numbers.show(value));
        }
    }

    private void text(int x, String weight, String text) {
        body.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" font-weight=\"%s\">%s</text>%n",
                x,
                y,
                weight,
                text.replace("&", "&amp;").replace("<", "&lt;")));
    }
}
