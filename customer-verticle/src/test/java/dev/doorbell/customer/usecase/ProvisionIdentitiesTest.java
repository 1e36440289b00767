package dev.doorbell.customer.usecase;

import static dev.doorbell.customer.TestStack.count;
import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.doorbell.customer.KeycloakFront;
import dev.doorbell.customer.store.IdentityLease;
import dev.doorbell.outbox.PoisonEventException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The identity steps on a real PostgreSQL and a real Keycloak, with the faults that a front before it makes. */
@ExtendWith(VertxExtension.class)
class ProvisionIdentitiesTest {
    private Vertx vertx;
    private IdentityWorld world;

    @BeforeEach
    void world(Vertx theVertx) {
        vertx = theVertx;
        world = new IdentityWorld(vertx);
    }

    @Test
    void successMeansAnEnabledUserWithTheCustomersId() {
        world.startWorker();
        UUID id = world.requested("ada");
        world.awaitIdentity(id, "PROVISIONED");
        assertThat(world.status(id)).as("the payment is awaited").isEqualTo("REGISTRATION_PENDING");
        assertThat(world.keycloak.usersNamed("ada")).singleElement().satisfies(user -> {
            assertThat(user.getBoolean("enabled")).as("before the decision").isFalse();
            assertThat(user.getString("firstName")).isEqualTo("Ada");
            assertThat(user.containsKey("email")).isFalse();
        });
        world.paymentAuthorized(id);
        world.awaitIdentity(id, "ENABLED");
        assertThat(world.status(id)).isEqualTo("REGISTRATION_SUCCESS");
        assertThat(world.events(id)).containsExactly("CustomerPendingRegistrationEvent", "CustomerRegisteredEvent");
        assertThat(world.keycloak.usersOf(id))
                .singleElement()
                .satisfies(user -> assertThat(user.getBoolean("enabled")).isTrue());

        // Keycloak's own user profile would refuse such a name, which our API takes.
        RegisterCustomer.Result accepted = get(world.signUps
                .inOneTick(SignUps.customer("grace", "Grace <B.> & \"Co\" (Ltd.)!"))
                .get(0));
        UUID other = ((RegisterCustomer.Result.Accepted) accepted).id();
        world.paymentAuthorized(other);
        assertThat(world.status(other)).as("the user is awaited").isEqualTo("REGISTRATION_PENDING");
        world.request(other);
        world.request(other);
        world.awaitIdentity(other, "ENABLED");
        assertThat(world.status(other)).isEqualTo("REGISTRATION_SUCCESS");
        assertThat(world.keycloak.usersOf(other)).hasSize(1);
        assertThat(world.front.count(HttpMethod.POST, "/token"))
                .as("one token for all of it")
                .isEqualTo(1);
        assertThat(count(world.pool, "outbox WHERE traceparent = '" + SignUps.TRACEPARENT + "'"))
                .isEqualTo(4);
    }

    @Test
    void aNameThatBelongsToAStrangerIsRefusedAndTheStrangerStays() {
        world.keycloak.addUser(new JsonObject().put("username", "ada").put("firstName", "Another"));
        world.startWorker();
        UUID id = world.requested("ada");
        world.awaitIdentity(id, "REFUSED");
        assertThat(world.status(id)).isEqualTo("REGISTRATION_FAILED IDENTITY_REFUSED");
        assertThat(world.events(id)).containsExactly("CustomerPendingRegistrationEvent", "CustomerNotRegisteredEvent");
        assertThat(world.hasName(id)).isFalse();
        assertThat(world.keycloak.usersNamed("ada"))
                .singleElement()
                .satisfies(user -> assertThat(user.getString("firstName")).isEqualTo("Another"));
    }

    @Test
    void aUserThatKeycloakFindsInvalidIsRefused() {
        world.front.next(HttpMethod.POST, "/users", KeycloakFront.answer(400));
        world.startWorker();
        UUID id = world.requested("ada");
        world.awaitIdentity(id, "REFUSED");
        assertThat(world.status(id)).isEqualTo("REGISTRATION_FAILED IDENTITY_REFUSED");
    }

    @Test
    void aFailedRegistrationKeepsItsNameUntilItsUserIsGone() {
        world.startWorker();
        UUID id = world.requested("ada");
        world.awaitIdentity(id, "PROVISIONED");
        world.front.down();
        world.paymentRefused(id);
        assertThat(world.status(id)).isEqualTo("REGISTRATION_FAILED NO_BALANCE_LEFT");
        assertThat(world.identity(id)).isEqualTo("REMOVING");
        assertThat(get(world.signUps.register("ada")))
                .as("its user is still there, and Keycloak is down")
                .isInstanceOf(RegisterCustomer.Result.UsernameTaken.class);
        world.front.up();
        world.awaitIdentity(id, "REMOVED");
        assertThat(world.keycloak.usersNamed("ada")).isEmpty();
        UUID next = world.requested("ada");
        world.paymentAuthorized(next);
        world.awaitIdentity(next, "ENABLED");
        assertThat(world.keycloak.usersNamed("ada"))
                .singleElement()
                .isEqualTo(world.keycloak.usersOf(next).get(0));
    }

    /** Keycloak 26 does this when something fails behind the insert. */
    @Test
    void aServerErrorAfterTheUserWasMadeLeadsToOneUser() {
        world.front.next(HttpMethod.POST, "/users", KeycloakFront.answerAfterEffect(500));
        world.startWorker();
        UUID id = world.requested("ada");
        world.paymentAuthorized(id);
        world.awaitIdentity(id, "ENABLED");
        assertThat(world.outcomes).startsWith("REQUESTED SERVER_ERROR");
        assertThat(world.keycloak.usersOf(id)).hasSize(1);
    }

    @Test
    void whatAWorkerThatDiedHadLeasedIsDoneByAnother() {
        UUID requested = world.requested("ada");
        UUID approved = world.requested("grace");
        world.startWorker();
        world.awaitIdentity(requested, "PROVISIONED");
        world.awaitIdentity(approved, "PROVISIONED");
        world.stopWorker();
        // The crash between the decision and the enabling, and the one between a create and the note of it.
        world.paymentAuthorized(approved);
        get(world.pool
                .query("UPDATE identity SET state = 'REQUESTED', user_id = NULL, due_at = now() WHERE customer_id = '"
                        + requested + "'")
                .execute());
        get(world.pool
                .query("UPDATE customer SET identity_outcome = NULL WHERE id = '" + requested + "'")
                .execute());
        List<IdentityLease> lost =
                get(world.identities.lease(world.pool, 10, Duration.ofSeconds(1), Duration.ofSeconds(60)));
        assertThat(lost).hasSize(2);
        assertThat(get(world.identities.lease(world.pool, 10, Duration.ofSeconds(1), Duration.ofSeconds(60))))
                .as("leased, so nobody else's")
                .isEmpty();
        world.paymentAuthorized(requested);
        IdentityWorld.Instance successor = world.anotherInstance();
        successor.start();
        world.awaitIdentity(approved, "ENABLED");
        world.awaitIdentity(requested, "ENABLED");
        successor.stop();
        assertThat(world.status(approved)).isEqualTo("REGISTRATION_SUCCESS");
        assertThat(world.status(requested)).isEqualTo("REGISTRATION_SUCCESS");
        assertThat(world.keycloak.usersOf(requested)).hasSize(1);
    }

    @Test
    void anApprovedRegistrationHasNoDeadline() {
        world.startWorker();
        UUID id = world.requested("ada");
        world.awaitIdentity(id, "PROVISIONED");
        world.front.down();
        world.paymentAuthorized(id);
        UUID undecided = world.requested("grace");
        assertThat(world.rejectOverdue()).as("the other one").isEqualTo(1);
        assertThat(world.status(undecided)).startsWith("REGISTRATION_FAILED");
        assertThat(world.status(id)).isEqualTo("REGISTRATION_PENDING");
        // Somebody removes the user meanwhile: approval is final all the same.
        world.keycloak.removeUser(world.keycloak.usersOf(id).get(0).getString("id"));
        world.front.up();
        world.awaitIdentity(id, "ENABLED");
        assertThat(world.status(id)).isEqualTo("REGISTRATION_SUCCESS");
        assertThat(world.keycloak.usersOf(id))
                .singleElement()
                .satisfies(user -> assertThat(user.getBoolean("enabled")).isTrue());
    }

    @Test
    void aUserThatIsNotTheCustomersIsNotRemoved() {
        world.startWorker();
        UUID id = world.requested("ada");
        world.awaitIdentity(id, "PROVISIONED");
        world.keycloak.removeUser(world.keycloak.usersOf(id).get(0).getString("id"));
        world.keycloak.addUser(new JsonObject().put("username", "ada").put("firstName", "Another"));
        world.paymentRefused(id);
        world.awaitIdentity(id, "REMOVED");
        assertThat(world.keycloak.usersNamed("ada")).hasSize(1);
        assertThat(world.hasName(id)).isFalse();
    }

    /** Whoever has taken the mark away and enabled the user has made it somebody's. */
    @Test
    void aUserWithoutOurAttributeThatIsEnabledIsNotRemoved() {
        world.startWorker();
        UUID id = world.requested("ada");
        world.awaitIdentity(id, "PROVISIONED");
        JsonObject user = world.keycloak.usersOf(id).get(0);
        user.remove("attributes");
        world.keycloak.changeUser(user.put("attributes", new JsonObject()).put("enabled", true));
        world.paymentRefused(id);
        world.awaitIdentity(id, "REMOVED");
        assertThat(world.keycloak.usersNamed("ada")).hasSize(1);
    }

    @Test
    void aUserThatAFailedRegistrationHasLeftDoesNotBlockTheName() {
        UUID failed = world.signUps.registered("ada");
        world.paymentRefused(failed);
        world.keycloak.addUser(new JsonObject()
                .put("username", "ada")
                .put("attributes", new JsonObject().put("customerId", new JsonArray().add(failed.toString()))));
        world.startWorker();
        UUID next = world.requested("ada");
        world.awaitIdentity(next, "PROVISIONED");
        assertThat(world.outcomes).contains("REQUESTED " + IdentitySteps.NAME_IS_BEING_FREED);
        assertThat(world.keycloak.usersOf(failed)).isEmpty();
        assertThat(world.keycloak.usersOf(next)).hasSize(1);
    }

    /** Between the look at the user and the one at its removal. */
    @Test
    void aNameWhoseRemovalHasJustEndedIsNoStrangers() {
        UUID failed = world.signUps.registered("ada");
        world.paymentRefused(failed);
        String left = world.keycloak.addUserOf(failed, "ada");
        get(world.pool
                .query("CREATE FUNCTION at_once() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$BEGIN NEW.state := 'REMOVED'; NEW.due_at := NULL; RETURN NEW; END$$")
                .execute());
        get(world.pool
                .query("CREATE TRIGGER at_once BEFORE UPDATE ON identity FOR EACH ROW"
                        + " WHEN (NEW.state = 'REMOVING') EXECUTE FUNCTION at_once()")
                .execute());
        world.startWorker();
        UUID next = world.requested("ada");
        world.awaitOutcome("REQUESTED " + IdentitySteps.NAME_IS_BEING_FREED);
        world.keycloak.removeUser(left);
        world.awaitIdentity(next, "PROVISIONED");
    }

    @Test
    void whatAWorkerRefusesThatHasLostItsLeaseDoesNotCount() {
        UUID id = world.requested("ada");
        IdentityLease stale = get(world.identities.lease(world.pool, 1, Duration.ofMillis(1), Duration.ofSeconds(60)))
                .get(0);
        await("the lease is over").until(() -> get(world.identities.anyDue(world.pool)));
        IdentityLease fresh = get(world.identities.lease(world.pool, 1, Duration.ofSeconds(20), Duration.ofSeconds(60)))
                .get(0);
        RecordIdentity record = new RecordIdentity(world.pool, world.customers, world.identities, world.outbox);
        get(record.refused(stale));
        assertThat(world.identity(id)).isEqualTo("REQUESTED");
        get(record.refused(fresh));
        assertThat(world.identity(id))
                .as("and the first create has had no answer")
                .isEqualTo("REMOVING");
        assertThat(world.status(id)).isEqualTo("REGISTRATION_FAILED IDENTITY_REFUSED");
    }

    @Test
    void aRequestForNobodyIsPoisonAndOneThatNeedsNoUserIsIgnored() {
        assertThatThrownBy(() -> world.request(UUID.randomUUID())).isInstanceOf(PoisonEventException.class);
        UUID id = new SignUps(vertx, world.pool).registered("ada");
        world.request(id);
        assertThat(world.identity(id)).isEmpty();
        assertThat(get(world.identities.stateOf(world.pool, id))).isEmpty();
    }
}
