package dev.doorbell.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes the report as JSON, Markdown and SVG; after every turn, so that a run that is stopped leaves what it has. */
public final class ReportFiles {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ReportFiles() {}

    /** Every turn by itself in {@code results.json}; medians in {@code results.md} and {@code chart.svg}. */
    public static void write(Report report, Path directory) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("comparable", !report.quick());
        json.put("machine", report.machine());
        json.put("scenarios", report.headings());
        json.put("measurements", report.measurements());
        json.put("targets", Targets.of(report));
        try {
            Files.createDirectories(directory);
            JSON.writeValue(directory.resolve("results.json").toFile(), json);
            Files.writeString(directory.resolve("results.md"), Table.of(report));
            Files.writeString(directory.resolve("chart.svg"), Chart.of(report));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
