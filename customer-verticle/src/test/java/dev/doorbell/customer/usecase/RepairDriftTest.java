package dev.doorbell.customer.usecase;

import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.doorbell.customer.KeycloakFront;
import dev.doorbell.customer.domain.DriftKind;
import dev.doorbell.customer.store.DriftStore;
import dev.doorbell.customer.store.IdentityRecord;
import dev.doorbell.customer.usecase.ReconcileIdentities.Options;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a repair leaves to others, and what it does not touch. */
@ExtendWith(VertxExtension.class)
class RepairDriftTest {
    private static final Duration PATIENT = Duration.ofSeconds(15);
    private static final Set<DriftKind> NOTHING = Set.of();

    private IdentityWorld world;
    private Comparison comparison;

    @BeforeEach
    void world(Vertx vertx) {
        world = new IdentityWorld(vertx);
        comparison = new Comparison(vertx, world);
    }

    @Test
    void aRepairLosesAgainstWhoeverWasFaster() {
        world.startWorker();
        UUID registered = world.registered("registered");
        UUID pending = world.requested("pending");
        world.awaitIdentity(pending, "PROVISIONED");
        world.stopWorker();
        DriftStore drift = new DriftStore();
        IdentityRecord ofRegistered =
                get(drift.records(world.pool, Set.of(registered))).get(0);
        IdentityRecord ofPending =
                get(drift.records(world.pool, Set.of(pending))).get(0);
        RepairDrift repair = new RepairDrift(world.pool, drift);
        get(world.pool.query("UPDATE identity SET lease = lease + 1").execute());
        assertThat(get(repair.enableAgain(ofRegistered))).isFalse();
        assertThat(get(repair.disableAgain(ofPending))).isFalse();
        get(world.pool.query("UPDATE identity SET lease = lease - 1").execute());
        world.paymentAuthorized(pending);
        assertThat(get(repair.disableAgain(ofPending))).as("it is approved").isFalse();
        assertThat(get(repair.removeAgain(registered, world.userId(registered))))
                .as("a success is not undone")
                .isFalse();
        assertThat(world.identity(registered)).isEqualTo("ENABLED");
        assertThat(world.identity(pending)).isEqualTo("ENABLING");
        assertThat(get(repair.enableAgain(ofRegistered))).isTrue();
    }

    @Test
    void manyUsersOfCustomersThatThereAreNotAreLeft() {
        world.keycloak.addUserOf(UUID.randomUUID(), "first");
        world.keycloak.addUserOf(UUID.randomUUID(), "second");
        ReconcileReport report = comparison.run(
                new Options(DriftKind.REPAIRABLE, NOTHING, 100, 1_000, 1, Duration.ofMillis(10), PATIENT));
        assertThat(report.found()).isEqualTo(Map.of(DriftKind.UNKNOWN_CUSTOMER, 2));
        assertThat(report.repairedCount()).isZero();
        assertThat(world.keycloak.usersNamed("first")).hasSize(1);
        assertThat(world.keycloak.usersNamed("second")).hasSize(1);
        assertThat(comparison
                        .run(new Options(DriftKind.REPAIRABLE, NOTHING, 100, 1_000, 2, Duration.ofMillis(10), PATIENT))
                        .repairedCount())
                .isEqualTo(2);
    }

    /** Another environment on the same realm, for example: asking for all repairs is no word about its users. */
    @Test
    void usersOfUnknownCustomersAreRemovedOnlyWhereThatIsNamed() {
        UUID unknown = UUID.randomUUID();
        world.keycloak.addUserOf(unknown, "unknown");
        assertThat(comparison.run(Comparison.options(DriftKind.ALL_REPAIRS)).repairedCount())
                .isZero();
        assertThat(world.keycloak.usersOf(unknown)).hasSize(1);
        assertThat(comparison
                        .run(Comparison.options(Set.of(DriftKind.UNKNOWN_CUSTOMER)))
                        .repaired())
                .isEqualTo(Map.of(DriftKind.UNKNOWN_CUSTOMER, 1));
        assertThat(world.keycloak.usersOf(unknown)).isEmpty();
    }

    /** Those are removed when all are known, which may be long after they were found. */
    @Test
    void aUserWhoIsSomebodyElsesByNowIsNotRemoved() {
        UUID unknown = UUID.randomUUID();
        UUID another = UUID.randomUUID();
        String userId = world.keycloak.addUserOf(unknown, "unknown");
        Promise<Void> release = Promise.promise();
        String path = "/users/" + userId;
        world.front.next(HttpMethod.GET, path, KeycloakFront.none());
        world.front.next(HttpMethod.GET, path, KeycloakFront.holdUntil(release.future()));
        Future<Optional<ReconcileReport>> running = comparison.begin(Comparison.options(DriftKind.REPAIRABLE), false);
        await("the last look").until(() -> world.front.count(HttpMethod.GET, path) == 2);
        JsonObject user = world.user(unknown);
        user.getJsonObject("attributes").put("customerId", new JsonArray().add(another.toString()));
        world.keycloak.changeUser(user);
        release.complete();
        assertThat(get(running)).isPresent();
        assertThat(comparison.told).containsExactly("found unknown_customer " + unknown);
        assertThat(world.keycloak.usersOf(another)).hasSize(1);
    }

    @Test
    void aRepairWaitsForRegistrationsThatWait() {
        UUID failed = world.signUps.registered("failed");
        world.paymentRefused(failed);
        world.keycloak.addUserOf(failed, "failed");
        get(world.pool
                .query("INSERT INTO identity (customer_id, state, due_at) SELECT gen_random_uuid(), 'REQUESTED', now()"
                        + " FROM generate_series(1, " + DriftFindings.DUE_MAX + ")")
                .execute());
        assertThatThrownBy(() -> comparison.run(new Options(
                        DriftKind.REPAIRABLE, NOTHING, 100, 1_000, 1, Duration.ofMillis(10), Duration.ofMillis(1))))
                .hasMessageContaining("is the service running?");
        assertThat(world.identity(failed)).isEqualTo("REMOVED");
    }

    /** An answer that is missing says nothing: the call may still have its effect, when the registration is approved. */
    @Test
    void aRowStaysLeasedWhileItsUserMayStillBeDisabled() {
        world.startWorker();
        UUID early = world.requested("early");
        world.awaitIdentity(early, "PROVISIONED");
        world.keycloak.changeUser(world.user(early).put("enabled", true));
        world.front.next(HttpMethod.PUT, "", KeycloakFront.answerAfterEffect(500));
        comparison.run(Comparison.options(DriftKind.REPAIRABLE));
        world.awaitOutcome("REQUESTED SERVER_ERROR");
        await("the end of the attempt")
                .until(() -> world.text("SELECT (failures = 1 OR state <> 'REQUESTED')::text FROM identity")
                        .equals("true"));
        assertThat(world.text("SELECT concat(state, due_at > now() + interval '5 seconds') FROM identity"))
                .as("kept from everybody")
                .isEqualTo("REQUESTEDt");
        world.paymentAuthorized(early);
        assertThat(world.identity(early)).isEqualTo("REQUESTED");
        get(world.pool.query("UPDATE identity SET due_at = now()").execute());
        world.awaitIdentity(early, "ENABLED");
        assertThat(world.user(early).getBoolean("enabled")).isTrue();
    }

    /** It is given up, and not stopped: what it has sent may still disable the user. */
    @Test
    void aRowStaysLeasedWhenTheAttemptAtDisablingItsUserIsGivenUp() {
        world.startWorker();
        UUID early = world.requested("early");
        world.awaitIdentity(early, "PROVISIONED");
        world.stopWorker();
        world.keycloak.changeUser(world.user(early).put("enabled", true));
        comparison.run(Comparison.options(DriftKind.ALL_REPAIRS));
        Promise<Void> release = Promise.promise();
        world.front.next(HttpMethod.PUT, "", KeycloakFront.holdUntil(release.future()));
        IdentityWorld.Instance impatient = world.anotherInstance(new ProvisionIdentities.Limits(
                4,
                Duration.ofMillis(50),
                Duration.ofSeconds(20),
                Duration.ofSeconds(3),
                Duration.ofMillis(50),
                Duration.ofMillis(400)));
        impatient.start();
        world.awaitOutcome("REQUESTED TIMED_OUT");
        await("the end of the attempt")
                .until(() ->
                        world.text("SELECT (failures = 1)::text FROM identity").equals("true"));
        assertThat(world.text("SELECT concat(state, ' ', lease, due_at > now() + interval '5 seconds') FROM identity"))
                .as("kept from everybody, by the lease after the first one's")
                .isEqualTo("REQUESTED 2t");
        release.complete();
        world.awaitIdentity(early, "PROVISIONED");
        impatient.stop();
    }
}
