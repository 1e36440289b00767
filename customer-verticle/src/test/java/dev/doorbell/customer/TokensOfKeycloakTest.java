package dev.doorbell.customer;

import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.service.token.Access;
import dev.doorbell.service.token.TokenConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.WebClient;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tokens of a real Keycloak that changes its keys while the service runs. What is wrong with tokens is tested beside {@link Access}. */
@ExtendWith(VertxExtension.class)
class TokensOfKeycloakTest {
    private static final Duration REFRESH = Duration.ofSeconds(1);

    private static final class OperatorsOnly extends VerticleBase {
        private final TokenConfig config;
        private Access access;
        private HttpServer server;

        OperatorsOnly(TokenConfig config) {
            this.config = config;
        }

        @Override
        public Future<?> start() {
            access = Access.of(vertx, Optional.of(config), new SimpleMeterRegistry());
            access.start();
            Router router = Router.router(vertx);
            router.get().handler(access.operator()).handler(request -> request.end());
            return vertx.createHttpServer()
                    .requestHandler(router)
                    .listen(0, "127.0.0.1")
                    .onSuccess(listening -> server = listening);
        }

        @Override
        public Future<?> stop() {
            access.stop();
            return Future.succeededFuture();
        }
    }

    @Test
    void keysAreRotatedWithoutARestart(Vertx vertx) {
        TestKeycloak keycloak = TestKeycloak.withKeysOfItsOwn(vertx);
        TokenConfig realm = TokenConfig.ofRealm(URI.create(keycloak.url()), keycloak.realm(), null, "doorbell-api");
        OperatorsOnly service = new OperatorsOnly(new TokenConfig(
                realm.keysUrl(),
                realm.issuer(),
                realm.audience(),
                REFRESH,
                Duration.ofMillis(1),
                Duration.ofMillis(100),
                Duration.ofSeconds(10)));
        get(vertx.deployVerticle(service));
        WebClient client = WebClient.create(vertx);
        String before = keycloak.signIn("operator", "operator-local").getString("access_token");
        await("the keys").until(() -> status(client, service, before) == 200);
        assertThat(status(
                        client,
                        service,
                        keycloak.signIn("visitor", "visitor-local").getString("access_token")))
                .isEqualTo(403);

        keycloak.rotateKeys();
        String after = keycloak.signIn("operator", "operator-local").getString("access_token");
        assertThat(after.substring(0, after.indexOf('.')))
                .as("the header names another key")
                .isNotEqualTo(before.substring(0, before.indexOf('.')));
        assertThat(status(client, service, after)).as("signed with the new key").isEqualTo(200);
        assertThat(status(client, service, before))
                .as("signed with the old one")
                .isEqualTo(200);

        keycloak.withdrawOldKeys();
        await("the old key is not trusted any more").until(() -> status(client, service, before) == 401);
        assertThat(status(client, service, after)).isEqualTo(200);
    }

    private static int status(WebClient client, OperatorsOnly service, String token) {
        return get(client.getAbs("http://127.0.0.1:" + service.server.actualPort() + "/")
                        .bearerTokenAuthentication(token)
                        .send())
                .statusCode();
    }
}
