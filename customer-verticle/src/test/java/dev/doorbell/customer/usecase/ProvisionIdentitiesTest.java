package dev.doorbell.customer.usecase;

import static dev.doorbell.customer.TestStack.count;
import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.doorbell.customer.KeycloakFront;
import dev.doorbell.customer.TestKeycloak;
import dev.doorbell.customer.TestStack;
import dev.doorbell.customer.store.IdentityLease;
import dev.doorbell.outbox.PoisonEventException;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The identity steps on a real PostgreSQL and a real Keycloak, with the faults that a front before it makes. */
@ExtendWith(VertxExtension.class)
class ProvisionIdentitiesTest {
    private static final Duration PATIENT = Duration.ofSeconds(15);

    private Vertx vertx;
    private IdentityWorld world;

    @BeforeEach
    void world(Vertx theVertx) {
        vertx = theVertx;
        world = new IdentityWorld(vertx, new TestKeycloak(vertx, Duration.ofSeconds(60)), PATIENT);
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
    void anExpiredTokenIsReplacedAndTooManyRequestsAreWaitedFor() {
        world.front.next(HttpMethod.POST, "/users", KeycloakFront.answer(401));
        world.front.next(HttpMethod.POST, "/users", KeycloakFront.answer(429, "Retry-After", "2"));
        world.startWorker();
        UUID id = world.requested("ada");
        world.awaitOutcome("REQUESTED THROTTLED");
        long throttledAt = System.nanoTime();
        world.awaitIdentity(id, "PROVISIONED");
        assertThat(Duration.ofNanos(System.nanoTime() - throttledAt))
                .as("as long as Keycloak asked for, less what the test noticed late")
                .isGreaterThan(Duration.ofMillis(1_000));
        assertThat(world.outcomes)
                .containsExactly("REQUESTED UNAUTHORIZED", "REQUESTED THROTTLED", "REQUESTED PROVISIONED");
        assertThat(world.front.count(HttpMethod.POST, "/token")).isEqualTo(2);
    }

    @Test
    void aRejectionWhileTheCreateIsInFlightLeavesNoUser() {
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
        Duration tokenLife = Duration.ofSeconds(6);
        world = new IdentityWorld(vertx, new TestKeycloak(vertx, tokenLife), Duration.ofSeconds(1));
        Promise<Void> release = Promise.promise();
        world.front.next(HttpMethod.POST, "/users", KeycloakFront.holdUntil(release.future()));
        world.startWorker();
        UUID id = world.requested("ada");
        world.awaitOutcome("REQUESTED TIMED_OUT");
        world.stopWorker();
        world.paymentRefused(id);
        assertThat(world.identity(id)).isEqualTo("REMOVING");
        IdentityWorld second = world;
        release.complete();
        await("the create has landed")
                .atMost(PATIENT)
                .until(() -> !second.keycloak.usersNamed("ada").isEmpty());
        assertThat(world.hasName(id)).isTrue();
        removeBy(world, id, tokenLife);
    }

    private static void removeBy(IdentityWorld world, UUID id, Duration tokenLife) {
        IdentityWorld.Instance successor = world.anotherInstance();
        successor.start();
        await("removed")
                .atMost(tokenLife.plus(PATIENT))
                .until(() -> world.identity(id).equals("REMOVED"));
        successor.stop();
        assertThat(world.keycloak.usersNamed("ada")).isEmpty();
        assertThat(world.hasName(id)).isFalse();
    }

    @Test
    void aNameIsNotGivenBackBeforeTheTokenOfAnUnansweredCreateHasEnded() {
        Duration tokenLife = Duration.ofSeconds(6);
        world = new IdentityWorld(vertx, new TestKeycloak(vertx, tokenLife), Duration.ofSeconds(1));
        Promise<Void> release = Promise.promise();
        world.front.next(HttpMethod.POST, "/users", KeycloakFront.holdUntil(release.future()));
        world.startWorker();
        UUID id = world.requested("ada");
        world.awaitOutcome("REQUESTED TIMED_OUT");
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

    /** Later than anything that is allowed for. */
    @Test
    void aUserThatIsToldOfAfterTheRemovalIsRemovedAfterAll() {
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

    @Test
    void aRealmThatDropsOurAttributeIsToldAndKeepsNoUser() {
        world = new IdentityWorld(vertx, TestKeycloak.withoutCustomerId(vertx), PATIENT);
        world.startWorker();
        UUID id = world.requested("ada");
        world.awaitOutcome("REQUESTED ATTRIBUTE_LOST");
        world.stopWorker();
        assertThat(world.identity(id)).isEqualTo("REQUESTED");
        assertThat(world.keycloak.usersNamed("ada")).isEmpty();
    }

    @Test
    void aUserWithoutOurAttributeIsRemovedAlsoWhenTheFirstAttemptCouldNot() {
        world = new IdentityWorld(vertx, TestKeycloak.withoutCustomerId(vertx), PATIENT);
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
        world = new IdentityWorld(vertx, TestKeycloak.withoutCustomerId(vertx), PATIENT);
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
    void whileKeycloakIsDownItIsLeftAloneAndNobodyIsRefused() {
        world.startWorker();
        UUID first = world.requested("first");
        world.awaitIdentity(first, "PROVISIONED");
        world.front.down();
        List<UUID> ids = new ArrayList<>();
        for (String name : List.of("ada", "grace", "edsger", "barbara", "tony", "donald", "alan")) {
            ids.add(world.requested(name));
        }
        await("the circuit to open").until(() -> world.provider.circuit() == CircuitBreakerState.OPEN);
        int calls = world.front.count();
        await("two more chances for Keycloak").atMost(PATIENT).until(() -> world.front.count() >= calls + 2);
        assertThat(world.front.count() - calls).as("one at a time").isLessThan(8);
        world.front.up();
        ids.forEach(id -> world.awaitIdentity(id, "PROVISIONED"));
        assertThat(world.provider.circuit()).isEqualTo(CircuitBreakerState.CLOSED);
    }

    /** As with a wrong secret. */
    @Test
    void aTokenThatIsRefusedIsToldAndAskedForLessAndLessOften() {
        int refused = 12;
        for (int i = 0; i < refused; i++) {
            world.front.next(HttpMethod.POST, "/token", KeycloakFront.answer(401));
        }
        world.startWorker();
        UUID id = world.requested("ada");
        await("the first one").until(() -> world.front.count(HttpMethod.POST, "/token") > 0);
        long firstAt = System.nanoTime();
        world.awaitIdentity(id, "PROVISIONED");
        assertThat(Duration.ofNanos(System.nanoTime() - firstAt))
                .as("more than one each poll")
                .isGreaterThan(Duration.ofMillis(1_700));
        assertThat(world.refusals).hasSize(refused).containsOnly("UNAUTHORIZED");
        assertThat(world.outcomes).containsExactly("REQUESTED PROVISIONED");
    }

    @Test
    void aTokenIsNotAskedForBeforeKeycloakAllowsIt() {
        world.front.next(HttpMethod.POST, "/token", KeycloakFront.answer(429, "Retry-After", "2"));
        world.startWorker();
        UUID id = world.requested("ada");
        await("the first one").until(() -> world.front.count(HttpMethod.POST, "/token") > 0);
        long firstAt = System.nanoTime();
        world.awaitIdentity(id, "PROVISIONED");
        assertThat(Duration.ofNanos(System.nanoTime() - firstAt)).isGreaterThan(Duration.ofMillis(1_800));
        assertThat(world.refusals).containsExactly("THROTTLED");
    }

    @Test
    void aCircuitClosesAgainAlsoWhereThereIsNoWork() {
        world.front.down();
        world.startWorker();
        await("the circuit to open").until(() -> {
            world.onContext(world.provider::permit);
            return world.provider.circuit() == CircuitBreakerState.OPEN;
        });
        world.front.up();
        await("the circuit to close")
                .atMost(PATIENT)
                .until(() -> world.provider.circuit() == CircuitBreakerState.CLOSED);
    }

    @Test
    void noMoreThanItsShareIsInFlightAtOnce() {
        List<UUID> ids = new ArrayList<>();
        for (char letter = 'a'; letter < 'a' + 20; letter++) {
            ids.add(world.requested("user" + letter));
        }
        world.startWorker();
        ids.forEach(id -> world.awaitIdentity(id, "PROVISIONED"));
        assertThat(world.front.underWayMax()).isBetween(2, IdentityWorld.LIMITS.concurrencyMax());
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

    @Test
    void aRequestForNobodyIsPoisonAndOneThatNeedsNoUserIsIgnored() {
        assertThatThrownBy(() -> world.request(UUID.randomUUID())).isInstanceOf(PoisonEventException.class);
        UUID id = new SignUps(vertx, world.pool).registered("ada");
        world.request(id);
        assertThat(world.identity(id)).isEmpty();
        assertThat(get(world.identities.stateOf(world.pool, id))).isEmpty();
    }
}
