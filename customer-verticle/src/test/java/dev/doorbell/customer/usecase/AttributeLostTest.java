package dev.doorbell.customer.usecase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.customer.KeycloakFront;
import dev.doorbell.customer.TestKeycloak;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A realm that does not declare the attribute that says whose a user is, and so drops it. */
@ExtendWith(VertxExtension.class)
class AttributeLostTest {
    private static final Duration PATIENT = Duration.ofSeconds(15);

    private IdentityWorld world;

    @BeforeEach
    void world(Vertx vertx) {
        world = new IdentityWorld(vertx, TestKeycloak.withoutCustomerId(vertx), PATIENT);
    }

    @Test
    void aRealmThatDropsOurAttributeIsToldAndKeepsNoUser() {
        world.startWorker();
        UUID id = world.requested("ada");
        world.awaitOutcome("REQUESTED ATTRIBUTE_LOST");
        world.stopWorker();
        assertThat(world.identity(id)).isEqualTo("REQUESTED");
        assertThat(world.keycloak.usersNamed("ada")).isEmpty();
    }

    @Test
    void aUserWithoutOurAttributeIsRemovedAlsoWhenTheFirstAttemptCouldNot() {
        world.front.next(HttpMethod.DELETE, "", KeycloakFront.answer(500));
        world.startWorker();
        UUID id = world.requested("ada");
        world.awaitOutcome("REQUESTED SERVER_ERROR");
        world.awaitOutcome("REQUESTED ATTRIBUTE_LOST");
        world.stopWorker();
        assertThat(world.identity(id)).as("its own user is no stranger").isEqualTo("REQUESTED");
        assertThat(world.keycloak.usersNamed("ada")).isEmpty();
    }

    /** The rejection comes while the user's id is not noted yet. */
    @Test
    void aUserWithoutOurAttributeIsRemovedWithItsRegistration() {
        Promise<Void> release = Promise.promise();
        world.front.next(
                HttpMethod.DELETE,
                "",
                (front, request, body) -> release.future()
                        .onComplete(go -> request.response().setStatusCode(500).end()));
        world.startWorker();
        UUID id = world.requested("ada");
        await("the first removal").until(() -> world.front.count(HttpMethod.DELETE, "") == 1);
        world.paymentRefused(id);
        assertThat(world.identity(id)).isEqualTo("REMOVING");
        release.complete();
        world.awaitIdentity(id, "REMOVED");
        assertThat(world.keycloak.usersNamed("ada")).isEmpty();
        assertThat(world.hasName(id)).isFalse();
    }
}
