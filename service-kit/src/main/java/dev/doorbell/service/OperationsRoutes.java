package dev.doorbell.service;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;

/** {@code /health/live}, {@code /health/ready} and {@code /metrics}, the same in every service, and the timing of all routes. */
public final class OperationsRoutes {
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private OperationsRoutes() {}

    public static void mount(Vertx vertx, Router router, Health health, PrometheusMeterRegistry metrics) {
        // Before every other route, whatever was mounted first.
        router.route().order(Integer.MIN_VALUE).handler(new RequestMetrics(metrics));
        // Live is the event loop itself: whoever answers lives. Dependencies belong to ready, or their outage
        // would make an orchestrator restart healthy services.
        router.get("/health/live").handler(request -> request.json(new JsonObject().put("status", "up")));
        router.get("/health/ready")
                .handler(request -> health.report().onComplete(report -> {
                    boolean down =
                            report.failed() || "down".equals(report.result().getString("status"));
                    request.response().setStatusCode(down ? 503 : 200);
                    request.json(report.failed() ? new JsonObject().put("status", "down") : report.result());
                }));
        router.get("/metrics")
                .handler(request -> vertx.executeBlocking(metrics::scrape, false)
                        .onSuccess(text -> request.response()
                                .putHeader(HttpHeaders.CONTENT_TYPE, PROMETHEUS_TEXT)
                                .end(text))
                        .onFailure(request::fail));
    }
}
