package dev.doorbell.benchmarks;

import static dev.doorbell.benchmarks.report.Targets.atLeast;
import static dev.doorbell.benchmarks.report.Targets.atMost;
import static dev.doorbell.benchmarks.report.Targets.figure;
import static dev.doorbell.benchmarks.report.Targets.ratio;
import static dev.doorbell.benchmarks.report.Targets.sumOfOurs;

import dev.doorbell.benchmarks.report.Target;
import java.util.List;

/** The figures that the project has set itself, with the names of {@link Catalogue}'s scenarios and their subjects. */
final class Goals {
    private static final String RATE = "rate_per_s";
    private static final String P50 = "latency_p50_ms";
    private static final String P99 = "latency_p99_ms";
    private static final String DRAIN = "drain_rate_per_s";

    private Goals() {}

    static List<Target> all() {
        return List.of(
                atLeast(
                        "writers",
                        "relay running, of writers alone",
                        0.8,
                        ratio("writers", "doorbell-running", "writers-alone", RATE)),
                atMost(
                        "writers",
                        "seconds that the relay is behind at the end",
                        1,
                        figure("writers", "doorbell-running", "behind_at_end_s")),
                atMost(
                        "writers",
                        "notifications per 1,000 commits",
                        1,
                        figure("writers", "doorbell-running", "notifications_per_1000")),
                atLeast(
                        "writers",
                        "no relay running, of writers alone",
                        0.9,
                        ratio("writers", "doorbell-not-running", "writers-alone", RATE)),
                atMost("latency-1000", "p50 in ms", 1.5, figure("latency-1000", "doorbell", P50)),
                atMost("latency-1000", "p50, of Debezium's", 0.5, ratio("latency-1000", "doorbell", "debezium", P50)),
                atMost("latency-1000", "p99 in ms", 6, figure("latency-1000", "doorbell", P99)),
                atMost("latency-4000", "p50 in ms", 1.5, figure("latency-4000", "doorbell", P50)),
                atMost("latency-4000", "p50, of Debezium's", 0.5, ratio("latency-4000", "doorbell", "debezium", P50)),
                atMost("latency-4000", "p99 in ms", 6, figure("latency-4000", "doorbell", P99)),
                atMost("latency-4000", "p99, of Debezium's", 0.33, ratio("latency-4000", "doorbell", "debezium", P99)),
                atMost("single-events", "p99 in ms", 5, figure("single-events", "doorbell", P99)),
                atMost(
                        "single-events",
                        "polls per second, asleep",
                        1,
                        figure("single-events", "doorbell", "polls_asleep_per_s")),
                atLeast("backlog", "rows per second", 150_000, figure("backlog", "doorbell", RATE)),
                atLeast("backlog", "times Debezium's", 6, ratio("backlog", "doorbell", "debezium", RATE)),
                atLeast(
                        "backlog",
                        "times Debezium's, both with its headers",
                        6,
                        ratio("backlog", "doorbell-debezium-headers", "debezium", RATE)),
                atLeast(
                        "backlog",
                        "of Kafka's producer tool",
                        0.9,
                        ratio("backlog", "doorbell", "kafka-producer-tool", RATE)),
                atMost("xmin-held", "p99, of without", 1.1, ratio("xmin-held", "doorbell-held", "doorbell", P99)),
                atLeast("xmin-held", "drain, of without", 0.9, ratio("xmin-held", "doorbell-held", "doorbell", DRAIN)),
                atMost(
                        "retained-rows",
                        "p99, of an empty table",
                        1.1,
                        ratio("retained-rows", "doorbell-retained", "doorbell", P99)),
                atLeast(
                        "retained-rows",
                        "drain, of an empty table",
                        0.9,
                        ratio("retained-rows", "doorbell-retained", "doorbell", DRAIN)),
                atLeast(
                        "retention",
                        "writers while it removes, of without",
                        0.95,
                        ratio("retention", "removing", "nothing-to-remove", RATE)),
                atMost("idle-sources", "per cent of a core", 2, figure("idle-sources", "doorbell", "core_percent")),
                atMost("idle-sources", "memory in MiB", 512, figure("idle-sources", "doorbell", "peak_memory_mib")),
                atLeast(
                        "http-64",
                        "of one statement per client",
                        1,
                        ratio("http-64", "doorbell-http", "one-statement-sql", RATE)),
                atMost(
                        "http-64",
                        "p99 of the relay's lag in ms",
                        50,
                        figure("http-64", "doorbell-http", "relay_lag_p99_ms")),
                atLeast(
                        "http-256",
                        "of one statement per client",
                        1.3,
                        ratio("http-256", "doorbell-http", "one-statement-sql", RATE)),
                atMost(
                        "http-256",
                        "p99 of the relay's lag in ms",
                        50,
                        figure("http-256", "doorbell-http", "relay_lag_p99_ms")),
                atLeast(
                        "registrations",
                        "of one statement per client (http-64)",
                        0.2,
                        ratio(
                                figure("registrations", "doorbell", "settled_per_s"),
                                figure("http-64", "one-statement-sql", RATE))),
                atMost("all", "events of ours lost", 0, sumOfOurs(List.of("lost", "drain_lost"))),
                atMost("all", "order violations of ours", 0, sumOfOurs(List.of("order_violations"))));
    }
}
