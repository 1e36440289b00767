package dev.doorbell.service;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** That it is served, and says what there is, is tested in the services. */
@ExtendWith(VertxExtension.class)
class OpenApiRouteTest {
    @Test
    void aMissingDocumentIsNamed(Vertx vertx) {
        assertThatThrownBy(() -> OpenApiRoute.mount(Router.router(vertx), "/no-openapi.yaml"))
                .hasMessage("/no-openapi.yaml is not on the class path");
    }
}
