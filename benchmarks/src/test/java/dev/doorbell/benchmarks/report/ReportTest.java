package dev.doorbell.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    @TempDir
    private Path directory;

    @Test
    void medianOfAnOddAndAnEvenNumberOfRounds() {
        Report report = report(false);
        add(report, "doorbell", 1, 10);
        add(report, "doorbell", 2, 90);
        add(report, "doorbell", 3, 20);
        add(report, "debezium", 1, 10);
        add(report, "debezium", 2, 20);

        assertThat(report.median("drain", "doorbell", "rate_per_s")).isEqualTo(20);
        assertThat(report.median("drain", "debezium", "rate_per_s")).isEqualTo(15);
        assertThat(report.median("drain", "debezium", "other")).isNaN();
    }

    @Test
    void tableHasAColumnPerSubjectAndNamesFailures() {
        Report report = report(false);
        add(report, "doorbell", 1, 123_456);
        report.add(new Measurement("drain", "debezium", 1, Map.of(), "not resolved\nat length"));

        assertThat(Table.of(report))
                .contains("How fast.", "| doorbell | debezium |", "rate_per_s |  123,456 |")
                .contains("- debezium, round 1: failed: not resolved\n")
                .doesNotContain("quick");
    }

    @Test
    void quickFiguresAreMarkedEverywhere() throws IOException {
        Report report = report(true);
        add(report, "doorbell", 1, 1);

        ReportFiles.write(report, directory);

        JsonNode json =
                new ObjectMapper().readTree(directory.resolve("results.json").toFile());
        assertThat(json.get("comparable").asBoolean()).isFalse();
        assertThat(directory.resolve("results.md")).content().contains("--quick");
        assertThat(directory.resolve("chart.svg")).content().contains("--quick");
    }

    @Test
    void jsonHasEveryTurn() throws IOException {
        Report report = report(false);
        add(report, "doorbell", 1, 10);
        add(report, "doorbell", 2, 30);

        ReportFiles.write(report, directory);

        JsonNode json =
                new ObjectMapper().readTree(directory.resolve("results.json").toFile());
        assertThat(json.get("comparable").asBoolean()).isTrue();
        assertThat(json.at("/measurements/1/figures/rate_per_s").asDouble()).isEqualTo(30);
        assertThat(json.at("/machine/processors").asText()).isEqualTo("2");
    }

    @Test
    void chartIsXmlWithABarPerSubjectThatHasTheFigure() throws Exception {
        Report report = report(false);
        add(report, "doorbell", 1, 10);
        add(report, "a<b", 1, 20);
        report.add(new Measurement("drain", "failed", 1, Map.of(), "no"));

        ReportFiles.write(report, directory);

        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(directory.resolve("chart.svg").toFile())
                        .getElementsByTagName("rect")
                        .getLength())
                // One is the background.
                .isEqualTo(3);
        assertThat(Files.readString(directory.resolve("chart.svg"))).doesNotContain(">failed<");
    }

    private static Report report(boolean quick) {
        Report report = new Report(quick, Map.of("processors", "2"));
        report.heading("drain", new Report.Heading("How fast", List.of("rate_per_s")));
        return report;
    }

    private static void add(Report report, String subject, int round, double rate) {
        report.add(new Measurement("drain", subject, round, Map.of("rate_per_s", rate), null));
    }
}
