package dev.doorbell.payment;

import dev.doorbell.service.Environment;
import dev.doorbell.service.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The whole service in this JVM, and a client for it. */
public final class RunningPayments implements AutoCloseable {
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(20);

    private final HttpClient client = HttpClient.newHttpClient();
    private final Vertx vertx;
    private final int port;
    private final Future<String> deployment;

    private RunningPayments(Vertx vertx, int port, Future<String> deployment) {
        this.vertx = vertx;
        this.port = port;
        this.deployment = deployment;
    }

    /** Begins to deploy and does not wait: the service may be waiting for its database. */
    public static RunningPayments begin(Vertx vertx, String databaseUrl, String bootstrapServers) {
        return begin(vertx, databaseUrl, bootstrapServers, Map.of());
    }

    private static RunningPayments begin(
            Vertx vertx, String databaseUrl, String bootstrapServers, Map<String, String> further) {
        int port = freePort();
        Map<String, String> environment = new HashMap<>(further);
        environment.put("HTTP_PORT", String.valueOf(port));
        environment.put("DATABASE_URL", databaseUrl);
        environment.put("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
        PaymentConfig config = PaymentConfig.read(new Environment(environment));
        PaymentVerticle verticle = new PaymentVerticle(config, Metrics.ofProcess());
        return new RunningPayments(vertx, port, vertx.deployVerticle(verticle));
    }

    public static RunningPayments start(Vertx vertx, String databaseUrl, String bootstrapServers) {
        return start(vertx, databaseUrl, bootstrapServers, Map.of());
    }

    /** @param further settings */
    public static RunningPayments start(
            Vertx vertx, String databaseUrl, String bootstrapServers, Map<String, String> further) {
        RunningPayments running = begin(vertx, databaseUrl, bootstrapServers, further);
        PaymentsDatabase.await(running.deployment);
        return running;
    }

    /** An address where nobody listens. */
    public static String nowhere() {
        return "127.0.0.1:" + freePort();
    }

    public int port() {
        return port;
    }

    public Future<String> deployment() {
        return deployment;
    }

    public HttpResponse<String> get(String path) {
        return send("GET", path);
    }

    public HttpResponse<String> send(String method, String path, String... headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(REQUEST_TIMEOUT);
        HttpRequest request =
                headers.length == 0 ? builder.build() : builder.headers(headers).build();
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        PaymentsDatabase.await(vertx.undeploy(deployment.result()));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
