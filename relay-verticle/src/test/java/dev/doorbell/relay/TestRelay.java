package dev.doorbell.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.service.Environment;
import dev.doorbell.service.Metrics;
import dev.doorbell.service.Service;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A relay as its main would start it, in this JVM. */
final class TestRelay implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PrometheusMeterRegistry metrics = Metrics.ofProcess();
    private final Vertx vertx = Service.vertx(metrics);
    private final RelayVerticle verticle;
    private boolean closed;

    private TestRelay(RelayConfig config, Function<RelaySession, WriterWatch> watch) {
        verticle = new RelayVerticle(config, metrics, watch);
        try {
            vertx.deployVerticle(verticle)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static TestRelay start(TestSource... sources) {
        return start(Map.of(), sources);
    }

    static TestRelay start(Map<String, String> settings, TestSource... sources) {
        return start(session -> session, settings, sources);
    }

    /** @param watch in place of the relay's own looks at who is writing */
    static TestRelay start(
            Function<RelaySession, WriterWatch> watch, Map<String, String> settings, TestSource... sources) {
        return new TestRelay(RelayConfig.read(new Environment(environment(settings, sources))), watch);
    }

    static Map<String, String> environment(Map<String, String> settings, TestSource... sources) {
        Map<String, String> environment = new HashMap<>();
        environment.put("KAFKA_BOOTSTRAP_SERVERS", TestStack.kafka().bootstrapServers());
        environment.put("HTTP_PORT", "0");
        environment.put("RELAY_DELIVERY_TIMEOUT_MS", "4000");
        environment.put(
                "RELAY_SOURCES",
                Arrays.stream(sources)
                        .map(source -> source.name + "=" + source.urlText())
                        .collect(Collectors.joining(",")));
        for (TestSource source : sources) {
            environment.put(
                    "RELAY_SOURCE_" + source.name.toUpperCase(Locale.ROOT).replace('-', '_') + "_TOPIC_TEMPLATE",
                    source.name + ".event.{aggregate_type}");
        }
        environment.putAll(settings);
        return environment;
    }

    String metric(String name, TestSource source) {
        return Arrays.stream(get("/metrics").split("\n"))
                .filter(line -> line.startsWith(name + "{") && line.contains("source=\"" + source.name + "\""))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElse("none");
    }

    JsonObject check(TestSource source) {
        return new JsonObject(get("/health/ready")).getJsonObject("checks").getJsonObject("source " + source.name);
    }

    void awaitLeading(TestSource source) {
        await().atMost(PATIENCE)
                .until(() -> metric("doorbell_relay_leader", source).equals("1.0"));
        // Until it has read once, so that what comes later is what the test did.
        await().atMost(PATIENCE)
                .until(() -> !metric("doorbell_relay_lag_events", source).equals("NaN"));
    }

    /** The relay has published all, says that it is well again, and has kept its session through it all. */
    void awaitRecovered(TestSource source, String cursor) {
        await().atMost(PATIENCE).until(() -> source.cursor().equals(cursor));
        await().atMost(PATIENCE)
                .until(() ->
                        new JsonObject(get("/health/ready")).getString("status").equals("up"));
        assertThat(metric("doorbell_relay_reconnects_total", source))
                .as("the leader's session stays")
                .isEqualTo("0.0");
    }

    String get(String path) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + verticle.httpPort() + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The orderly stop, as on SIGTERM. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
