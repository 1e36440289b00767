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
    void targetsAreThoseThatWereMeasured() throws IOException {
        Report report = report(false);
        add(report, "doorbell", 1, 30);
        assertThat(Table.of(report)).doesNotContain("To reach");
        add(report, "debezium", 1, 20);
        report.add(new Measurement("other", "doorbell-held", 1, Map.of("lost", 2.0), null));
        report.add(new Measurement("other", "polling", 1, Map.of("lost", 5.0), null));

        assertThat(Table.of(report))
                .containsPattern("drain: of Debezium's \\| +\u2265 2 \\| +1.50 \\| not reached \\|")
                .containsPattern("drain: lost +\\| +\u2264 0 \\| +2 \\| not reached \\|");
        ReportFiles.write(report, directory);
        JsonNode json =
                new ObjectMapper().readTree(directory.resolve("results.json").toFile());
        assertThat(json.at("/targets/0/measured").asDouble()).isEqualTo(1.5);
        assertThat(json.at("/targets/0/reached").asBoolean(true)).isFalse();

        add(report, "doorbell", 2, 70);
        assertThat(Table.of(report)).containsPattern("drain: of Debezium's \\| +\u2265 2 \\| +2.50 \\| +\\|");
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
        Report report = new Report(
                quick,
                Map.of("processors", "2"),
                List.of(
                        Targets.atLeast(
                                "drain",
                                "of Debezium's",
                                2,
                                Targets.ratio("drain", "doorbell", "debezium", "rate_per_s")),
                        Targets.atMost("drain", "lost", 0, Targets.sumOfOurs(List.of("lost")))));
        report.heading("drain", new Report.Heading("How fast", List.of("rate_per_s")));
        return report;
    }

    private static void add(Report report, String subject, int round, double rate) {
        report.add(new Measurement("drain", subject, round, Map.of("rate_per_s", rate), null));
    }
}
