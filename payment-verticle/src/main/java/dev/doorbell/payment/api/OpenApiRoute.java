package dev.doorbell.payment.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** {@code GET /openapi.yaml}: the contract, in OpenAPI 3.1. */
public final class OpenApiRoute {
    /** Named after the service: several of them may share a class path. */
    private static final String RESOURCE = "/payment-openapi.yaml";

    private OpenApiRoute() {}

    public static void mount(Router router) {
        String document = read();
        router.get("/openapi.yaml")
                .handler(request -> request.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/yaml")
                        .end(document));
    }

    private static String read() {
        try (InputStream in = OpenApiRoute.class.getResourceAsStream(RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(RESOURCE + " is not in the jar", e);
        }
    }
}
