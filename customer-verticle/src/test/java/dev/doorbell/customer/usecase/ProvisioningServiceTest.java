package dev.doorbell.customer.usecase;

import static dev.doorbell.customer.TestStack.count;
import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.customer.KeycloakFront;
import dev.doorbell.customer.TestStack;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A whole service with Keycloak: what it does on its own events, and what it tells of it. */
@ExtendWith(VertxExtension.class)
class ProvisioningServiceTest {
    private static final Duration PATIENT = Duration.ofSeconds(15);

    private Vertx vertx;
    private IdentityWorld world;

    @BeforeEach
    void world(Vertx theVertx) {
        vertx = theVertx;
        world = new IdentityWorld(vertx);
    }

    @Test
    void theServiceMakesAUserOnItsOwnEventAndTellsWhatItDoes() throws Exception {
        IdentityService service = new IdentityService(vertx, world.keycloak);
        Pool pool = TestStack.pool(vertx, service.database);
        UUID id = publish(service, pool, "ada");
        await("the user")
                .atMost(Duration.ofSeconds(40))
                .until(() -> !world.keycloak.usersOf(id).isEmpty());
        await("the note of it")
                .atMost(PATIENT)
                .until(() -> count(pool, "customer WHERE identity_outcome = 'PROVISIONED'") == 1);
        assertThat(service.body("/registrations/" + id)).contains("REGISTRATION_PENDING");
        assertThat(service.body("/metrics"))
                .contains("doorbell_identity_attempts_total{state=\"requested\"} 1.0")
                .contains("doorbell_identity_outcomes_total{outcome=\"provisioned\",state=\"requested\"} 1.0")
                .contains("doorbell_identity_circuit 0.0")
                .contains("doorbell_identity_oldest_seconds");
        assertThat(service.health("keycloak").getString("status")).isEqualTo("up");
    }

    @Test
    void theServiceTellsOfAKeycloakThatRefusesAndOfOneThatIsDown() throws Exception {
        world.front.next(HttpMethod.POST, "/token", KeycloakFront.answer(401));
        IdentityService service = new IdentityService(
                vertx,
                TestStack.newMigratedDatabase(),
                world.keycloak,
                world.front.url().toString());
        Pool pool = TestStack.pool(vertx, service.database);
        publish(service, pool, "ada");
        await("the user")
                .atMost(Duration.ofSeconds(40))
                .until(() -> count(pool, "customer WHERE identity_outcome = 'PROVISIONED'") == 1);
        assertThat(service.body("/metrics"))
                .contains("doorbell_identity_token_failures_total{reason=\"unauthorized\"} 1.0");
        world.front.down();
        for (String name : List.of("grace", "edsger", "barbara", "tony", "donald", "alan", "kathleen", "jean")) {
            publish(service, pool, name);
        }
        await("the circuit to open")
                .atMost(PATIENT)
                .untilAsserted(() -> assertThat(service.body("/metrics"))
                        .contains("doorbell_identity_circuit 2.0")
                        .contains("doorbell_identity_outcomes_total{outcome=\"unreachable\",state=\"requested\"}")
                        .containsPattern("doorbell_identity_oldest_seconds (?!0\\.0\\s)[0-9.]"));
        assertThat(service.health("keycloak"))
                .isEqualTo(new JsonObject().put("status", "degraded").put("detail", "does not answer; users wait"));
        world.front.up();
        await("the users")
                .atMost(Duration.ofSeconds(60))
                .until(() -> count(pool, "customer WHERE identity_outcome = 'PROVISIONED'") == 9);
        await("what is told")
                .atMost(PATIENT)
                .untilAsserted(() -> assertThat(service.health("keycloak").getString("status"))
                        .isEqualTo("up"));
        assertThat(service.body("/metrics")).contains("doorbell_identity_circuit 0.0");
    }

    private static UUID publish(IdentityService service, Pool pool, String username) throws Exception {
        UUID id = service.register(username);
        Buffer payload = get(pool.query("SELECT payload FROM outbox WHERE aggregate_id = '" + id + "'")
                        .execute())
                .iterator()
                .next()
                .getBuffer(0);
        IdentityService.publishPending(id, payload);
        return id;
    }
}
