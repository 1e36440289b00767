package dev.doorbell.customer.usecase;

import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.customer.KeycloakFront;
import dev.doorbell.customer.TestKeycloak;
import dev.doorbell.customer.store.IdentityLease;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A rejection beside a create that is in flight, unanswered or late: no user stays, and no name is given back too early. */
@ExtendWith(VertxExtension.class)
class UnansweredCreateTest {
    private static final Duration PATIENT = Duration.ofSeconds(15);
    /** As long as a create may land that was sent with the token. */
    private static final Duration TOKEN_LIFE = Duration.ofSeconds(6);

    private Vertx vertx;
    private IdentityWorld world;

    @BeforeEach
    void vertx(Vertx theVertx) {
        vertx = theVertx;
    }

    /** Asks for a user; Keycloak gets the create when {@code release} is complete, long after its client has given up. */
    private UUID requestedWithoutAnswer(Promise<Void> release) {
        world = new IdentityWorld(vertx, new TestKeycloak(vertx, TOKEN_LIFE), Duration.ofSeconds(1));
        world.front.next(HttpMethod.POST, "/users", KeycloakFront.holdUntil(release.future()));
        world.startWorker();
        UUID id = world.requested("ada");
        world.awaitOutcome("REQUESTED TIMED_OUT");
        return id;
    }

    @Test
    void aRejectionWhileTheCreateIsInFlightLeavesNoUser() {
        world = new IdentityWorld(vertx);
        Promise<Void> release = Promise.promise();
        world.front.next(HttpMethod.POST, "/users", KeycloakFront.holdUntil(release.future()));
        world.startWorker();
        UUID id = world.requested("ada");
        await("the create").until(() -> world.front.count(HttpMethod.POST, "/users") == 1);
        world.paymentRefused(id);
        await("a look for the user that is not there yet").until(() -> world.outcomes.contains("REMOVING REMOVED"));
        assertThat(world.identity(id)).as("the create may still land").isEqualTo("REMOVING");
        assertThat(get(world.signUps.register("ada"))).isInstanceOf(RegisterCustomer.Result.UsernameTaken.class);
        release.complete();
        world.awaitIdentity(id, "REMOVED");
        assertThat(world.keycloak.usersNamed("ada")).isEmpty();
        assertThat(world.hasName(id)).isFalse();
        assertThat(world.front.count(HttpMethod.DELETE, "")).isEqualTo(1);
    }

    /** The client has given up by then: nobody notes what came of the create. */
    @Test
    void aCreateThatLandsAfterItsTimeOutAndTheRejectionLeavesNoUser() {
        Promise<Void> release = Promise.promise();
        UUID id = requestedWithoutAnswer(release);
        world.stopWorker();
        world.paymentRefused(id);
        assertThat(world.identity(id)).isEqualTo("REMOVING");
        release.complete();
        await("the create has landed")
                .atMost(PATIENT)
                .until(() -> !world.keycloak.usersNamed("ada").isEmpty());
        assertThat(world.hasName(id)).isTrue();
        removedByAnother(id);
    }

    private void removedByAnother(UUID id) {
        IdentityWorld.Instance successor = world.anotherInstance();
        successor.start();
        await("removed")
                .atMost(TOKEN_LIFE.plus(PATIENT))
                .until(() -> world.identity(id).equals("REMOVED"));
        successor.stop();
        assertThat(world.keycloak.usersNamed("ada")).isEmpty();
        assertThat(world.hasName(id)).isFalse();
    }

    @Test
    void aNameIsNotGivenBackBeforeTheTokenOfAnUnansweredCreateHasEnded() {
        Promise<Void> release = Promise.promise();
        UUID id = requestedWithoutAnswer(release);
        world.paymentRefused(id);
        world.awaitOutcome("REMOVING REMOVED");
        assertThat(world.identity(id))
                .as("seen once that there is none, but one may come")
                .isEqualTo("REMOVING");
        assertThat(world.hasName(id)).isTrue();
        world.awaitIdentity(id, "REMOVED");
        // Now Keycloak refuses it: the token that it was sent with has ended.
        release.complete();
        assertThat(world.hasName(id)).isFalse();
        await("the late create's answer")
                .atMost(PATIENT)
                .until(() -> world.front.lateAnswers().contains(401));
        assertThat(world.keycloak.usersNamed("ada")).isEmpty();
    }

    @Test
    void aRejectionThatComesBeforeItsRequestLeavesNothingToDo() {
        world = new IdentityWorld(vertx);
        world.startWorker();
        UUID id = world.signUps.registered("ada");
        world.paymentRefused(id);
        assertThat(world.hasName(id)).isFalse();
        world.request(id);
        assertThat(world.identity(id)).isEqualTo("REMOVED");
        UUID next = world.requested("ada");
        world.awaitIdentity(next, "PROVISIONED");
        assertThat(world.outcomes).containsExactly("REQUESTED PROVISIONED");
    }

    /** Later than anything that is allowed for. */
    @Test
    void aUserThatIsToldOfAfterTheRemovalIsRemovedAfterAll() {
        world = new IdentityWorld(vertx);
        UUID id = world.requested("ada");
        IdentityLease late = get(world.identities.lease(world.pool, 1, Duration.ofSeconds(20), Duration.ofMillis(1)))
                .get(0);
        world.paymentRefused(id);
        world.startWorker();
        world.awaitIdentity(id, "REMOVED");
        JsonObject attributes = new JsonObject().put("customerId", new JsonArray().add(id.toString()));
        world.keycloak.addUser(new JsonObject().put("username", "ada").put("attributes", attributes));
        String userId = world.keycloak.usersOf(id).get(0).getString("id");
        get(new RecordIdentity(world.pool, world.customers, world.identities, world.outbox).provisioned(late, userId));
        world.awaitIdentity(id, "REMOVED");
        await("the user to go")
                .atMost(PATIENT)
                .until(() -> world.keycloak.usersOf(id).isEmpty());
    }
}
