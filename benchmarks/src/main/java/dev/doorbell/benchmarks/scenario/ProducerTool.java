package dev.doorbell.benchmarks.scenario;

import dev.doorbell.benchmarks.contender.ClassPath;
import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.lab.Topic;
import dev.doorbell.benchmarks.measure.BenchmarkException;
import dev.doorbell.benchmarks.measure.Figures;
import dev.doorbell.benchmarks.measure.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A limit of the machine: Kafka's own producer performance tool, without any database, on records of the same size with the
 * same guarantees (acks=all, idempotence) and compression (none). It sends what we have in key and headers as part of the
 * value, which favours it.
 */
final class ProducerTool implements Scenario.Subject {
    /** "1000000 steady state records sent, 250000.0 records/sec (59.60 MB/sec), …", as of KIP-1052. */
    private static final Pattern WARM = Pattern.compile("\\d+ steady state records sent, ([0-9.]+) records/sec \\(");

    private static final int PAYLOADS = 10_000;
    private static final int AGGREGATES = 1_000;
    /** What the relay's records have beside the value: key, names and values of the headers, and their lengths. */
    private static final String KEY_AND_HEADERS = "aggregate-%2$s" + "ce_specversion1.0" + "ce_id%1$s"
            + "ce_typeBenchmarked" + "ce_source/bench" + "ce_subjectaggregate-%2$s"
            + "ce_time2026-01-31T12:00:00.123456Z" + "ce_sequence%3$s" + "content-typeapplication/json"
            + "lengths-of-these";

    @Override
    public String name() {
        return "kafka-producer-tool";
    }

    @Override
    public Figures measure(Lab lab, Plan plan) {
        String classPath = ClassPath.of(lab, "kafka-tools");
        Topic topic = Topic.create(lab, lab.nextName(name()));
        try {
            // The tool leaves out of its sum the records that it is told to be warm-up.
            long warmUp = plan.backlogRows();
            List<String> lines = lab.run(
                    name(),
                    Map.of("CLASSPATH", classPath),
                    List.of(
                            "-Xmx256m",
                            lab.quietLogging(),
                            "org.apache.kafka.tools.ProducerPerformance",
                            "--topic",
                            topic.name(),
                            "--num-records",
                            String.valueOf(warmUp + plan.backlogRows()),
                            "--warmup-records",
                            String.valueOf(warmUp),
                            "--payload-file",
                            payloads(lab).toString(),
                            "--throughput",
                            "-1",
                            "--producer-props",
                            "bootstrap.servers=" + lab.kafka().bootstrapServers(),
                            "acks=all",
                            "linger.ms=5",
                            "compression.type=none",
                            "batch.size=262144"));
            return new Figures().put("rate_per_s", rate(lines));
        } finally {
            topic.delete();
        }
    }

    /**
     * The same values as in the outbox, each with as many bytes behind it as a record of ours has in key and headers, which
     * the tool cannot send; it draws from them at random.
     */
    private static Path payloads(Lab lab) {
        String lines = LongStream.range(0, PAYLOADS)
                .mapToObj(number -> new String(new Payload(number, 0).bytes(), StandardCharsets.US_ASCII)
                        + KEY_AND_HEADERS.formatted(UUID.randomUUID(), number % AGGREGATES, number))
                .collect(Collectors.joining("\n"));
        try {
            return Files.writeString(lab.scratch().resolve("payloads"), lines);
        } catch (IOException e) {
            throw new BenchmarkException("payloads cannot be written", e);
        }
    }

    static double rate(List<String> lines) {
        return lines.stream()
                .map(WARM::matcher)
                .filter(Matcher::find)
                .mapToDouble(line -> Double.parseDouble(line.group(1)))
                .findFirst()
                .orElseThrow(() ->
                        new BenchmarkException("kafka's producer tool said no rate: " + String.join("\n", lines)));
    }
}
