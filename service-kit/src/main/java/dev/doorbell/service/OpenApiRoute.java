package dev.doorbell.service;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** {@code GET /openapi.yaml}: a service's contract, in OpenAPI. */
public final class OpenApiRoute {
    private OpenApiRoute() {}

    /**
     * @param resource the document on the class path, named after the service, because several may share a class path
     * @throws IllegalStateException when it is not there
     */
    public static void mount(Router router, String resource) {
        String document = read(resource);
        router.get("/openapi.yaml")
                .handler(request -> request.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/yaml")
                        .end(document));
    }

    private static String read(String resource) {
        try (InputStream in = OpenApiRoute.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(resource + " cannot be read", e);
        }
    }
}
