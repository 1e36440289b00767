package dev.doorbell.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class OperationsRoutesTest {
    @Test
    void requestsAreTimedByTheirRouteAndNeverByTheirPath(Vertx vertx) throws Exception {
        PrometheusMeterRegistry metrics = Metrics.ofProcess();
        Router router = Router.router(vertx);
        ProblemHandler.mount(router);
        router.get("/things/:id").handler(request -> request.end("thing"));
        OperationsRoutes.mount(
                vertx,
                router,
                new Health().register("it", () -> Future.succeededFuture(Health.Check.down("no"))),
                metrics);
        HttpServer server = HttpServers.listen(vertx, router, 0)
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        String address = "http://127.0.0.1:" + server.actualPort();

        assertThat(get(address + "/things/17").statusCode()).isEqualTo(200);
        assertThat(get(address + "/things/18").statusCode()).isEqualTo(200);
        assertThat(get(address + "/secret").statusCode()).isEqualTo(404);
        assertThat(get(address + "/health/live").body()).isEqualTo("{\"status\":\"up\"}");
        assertThat(get(address + "/health/ready").statusCode()).isEqualTo(503);

        assertThat(get(address + "/metrics").body())
                .contains("doorbell_http_requests_seconds_count{method=\"GET\",route=\"/things/:id\",status=\"200\"} 2")
                .contains("status=\"404\"")
                .contains("route=\"/health/ready\",status=\"503\"")
                .doesNotContain("secret", "/things/17");
    }

    private static HttpResponse<String> get(String uri) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
