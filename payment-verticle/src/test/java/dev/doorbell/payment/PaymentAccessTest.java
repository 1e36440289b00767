package dev.doorbell.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.localstack.TokenIssuer;
import dev.doorbell.localstack.TokenIssuer.Key;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The whole service with {@code IDENTITY_PROVIDER=keycloak}: payments are for operators. What a token must be is tested where it is checked. */
@ExtendWith(VertxExtension.class)
class PaymentAccessTest {
    private static final Key KEY = TokenIssuer.newKey();

    @Test
    void paymentsAreForOperators(Vertx vertx) {
        PaymentsDatabase database = PaymentsDatabase.create(vertx);
        try (TokenIssuer issuer = TokenIssuer.start()) {
            issuer.publish(KEY);
            RunningPayments service = RunningPayments.start(
                    vertx,
                    database.urlText(),
                    RunningPayments.nowhere(),
                    Map.of("IDENTITY_PROVIDER", "keycloak", "KEYCLOAK_URL", issuer.url()));
            await("keys").until(() -> tokens(service).equals("up"));
            String path = "/payments?customerId=" + UUID.randomUUID();

            HttpResponse<String> none = service.get(path);
            assertThat(none.statusCode()).as("without a token").isEqualTo(401);
            assertThat(none.headers().firstValue("www-authenticate")).isPresent();
            assertThat(none.headers().firstValue("content-type")).contains("application/problem+json");
            assertThat(get(service, path, token(issuer, "offline_access")).statusCode())
                    .as("a customer, of the own payments too")
                    .isEqualTo(403);
            assertThat(get(service, path, token(issuer, "operator")).statusCode())
                    .isEqualTo(200);
            assertThat(service.get("/openapi.yaml").statusCode()).isEqualTo(200);
            assertThat(issuer.requests()).as("readings of the keys").isEqualTo(1);
            service.close();
        } finally {
            database.close();
        }
    }

    private static String tokens(RunningPayments service) {
        return new JsonObject(service.get("/health/ready").body())
                .getJsonObject("checks")
                .getJsonObject("tokens")
                .getString("status");
    }

    private static HttpResponse<String> get(RunningPayments service, String path, String token) {
        return service.send("GET", path, "Authorization", "Bearer " + token);
    }

    private static String token(TokenIssuer issuer, String role) {
        JsonObject claims = new JsonObject()
                .put("iss", issuer.issuer())
                .put("aud", "doorbell-api")
                .put("typ", "Bearer")
                .put("customerId", UUID.randomUUID().toString())
                .put("exp", Instant.now().getEpochSecond() + 60)
                .put("realm_access", new JsonObject().put("roles", new JsonArray().add(role)));
        String header = new JsonObject()
                .put("alg", "RS256")
                .put("typ", "JWT")
                .put("kid", KEY.id())
                .encode();
        return TokenIssuer.sign(KEY, header, claims.encode());
    }
}
