package dev.doorbell.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.junit5.VertxExtension;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class ProblemHandlerTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private Vertx vertx;
    private Router router;
    private int port;

    @BeforeEach
    void listen(Vertx vertx) throws Exception {
        this.vertx = vertx;
        router = Router.router(vertx);
        ProblemHandler.mount(router);
        router.post("/things/:id/parts")
                .consumes("application/json")
                .handler(BodyHandler.create(false).setBodyLimit(10))
                .handler(request -> request.end("done"));
        HttpServer server = HttpServers.listen(vertx, router, 0)
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        port = server.actualPort();
    }

    @Test
    void anUnknownPathIsNotFound() throws Exception {
        assertProblem(send("GET", "/nowhere", "text/plain", ""), 404, "Not Found");
    }

    @Test
    void aWrongMethodNamesTheRightOnes() throws Exception {
        HttpResponse<String> response = send("DELETE", "/things/1/parts", "text/plain", "");

        assertProblem(response, 405, "Method Not Allowed");
        assertThat(response.headers().firstValue("allow")).contains("POST");
    }

    @Test
    void aTooLargeBodyAndAWrongMediaTypeAreProblems() throws Exception {
        assertProblem(
                send("POST", "/things/1/parts", "application/json", "x".repeat(11)), 413, "Request Entity Too Large");
        assertProblem(send("POST", "/things/1/parts", "text/plain", "{}"), 415, "Unsupported Media Type");
    }

    @Test
    void aFailingHandlerTellsTheLogAndNotTheClient() throws Exception {
        router.get("/broken").handler(request -> {
            throw new IllegalStateException("the secret is 42");
        });

        HttpResponse<String> response = send("GET", "/broken", "text/plain", "");

        assertProblem(response, 500, "Internal Server Error");
        assertThat(response.body()).doesNotContain("secret");
    }

    @Test
    void aDatabaseThatCannotBeReachedIsUnavailable() throws Exception {
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = socket.getLocalPort();
        }
        assertUnavailable(pool(closedPort, new PoolOptions()));
    }

    @Test
    void anExhaustedPoolIsUnavailable() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            PoolOptions one = new PoolOptions().setMaxSize(1);
            Pool full = pool(silent.getLocalPort(), new PoolOptions(one).setMaxWaitQueueSize(0));
            full.getConnection();
            assertUnavailable(full);
            assertUnavailable(pool(silent.getLocalPort(), new PoolOptions(one).setConnectionTimeout(1)));
        }
    }

    @Test
    void errorsAreBoundedAndNameTheirPlaces() {
        Problem.Violation wrong = Problem.Violation.pointer("/card/cvv", "takes 3 or 4 digits");
        Problem problem = Problem.invalid(java.util.Collections.nCopies(Problem.ERRORS_MAX + 1, wrong));

        JsonArray errors = problem.toJson().getJsonArray("errors");
        assertThat(errors).hasSize(Problem.ERRORS_MAX);
        assertThat(errors.getJsonObject(0).getMap())
                .containsOnlyKeys("pointer", "detail")
                .containsEntry("pointer", "/card/cvv");
        Problem named = Problem.invalid(List.of(Problem.Violation.parameter("x".repeat(1_000), "is unknown")));
        assertThat(named.errors().get(0).parameter()).hasSize(64);
    }

    private void assertUnavailable(Pool pool) throws Exception {
        String path = "/query/" + System.nanoTime();
        router.get(path)
                .handler(request -> pool.query("SELECT 1").execute().onComplete(rows -> request.end(), request::fail));

        HttpResponse<String> response = send("GET", path, "text/plain", "");

        assertProblem(response, 503, "Service Unavailable");
        assertThat(response.headers().firstValue("retry-after")).contains("1");
        pool.close();
    }

    private Pool pool(int databasePort, PoolOptions options) {
        return PgBuilder.pool()
                .using(vertx)
                .connectingTo(new PgConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(databasePort)
                        .setUser("u")
                        .setPassword("p")
                        .setDatabase("d"))
                .with(options)
                .build();
    }

    private HttpResponse<String> send(String method, String path, String contentType, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("content-type", contentType)
                .method(method, BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static void assertProblem(HttpResponse<String> response, int status, String title) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
        JsonObject problem = new JsonObject(response.body());
        assertThat(problem.getString("type")).isEqualTo("about:blank");
        assertThat(problem.getString("title")).isEqualTo(title);
        assertThat(problem.getInteger("status")).isEqualTo(status);
    }
}
