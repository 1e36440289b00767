package dev.doorbell.benchmarks.contender;

import dev.doorbell.benchmarks.lab.ChildJvm;
import dev.doorbell.benchmarks.measure.BenchmarkException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** Our relay; its metrics tell how often it slept and what it did meanwhile. */
final class DoorbellRunning extends ChildRunning {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final String COUNTER = "doorbell_relay_.*_total(\\{.*})? [0-9.Ee+]+";

    private final int port;

    DoorbellRunning(ChildJvm child, int port) {
        super(child);
        this.port = port;
    }

    @Override
    public Map<String, Double> counters() {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port + "/metrics").toURL().openConnection();
            connection.setConnectTimeout((int) ANSWER_LIMIT.toMillis());
            connection.setReadTimeout((int) ANSWER_LIMIT.toMillis());
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
                return lines.lines()
                        .filter(line -> line.matches(COUNTER))
                        .collect(Collectors.toMap(DoorbellRunning::name, DoorbellRunning::value, Double::sum));
            }
        } catch (IOException e) {
            throw new BenchmarkException("the relay does not tell its metrics", e);
        }
    }

    private static String name(String line) {
        return line.substring(0, line.indexOf("_total"));
    }

    private static double value(String line) {
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }
}
