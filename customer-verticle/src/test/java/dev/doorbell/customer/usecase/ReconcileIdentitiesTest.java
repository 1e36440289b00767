package dev.doorbell.customer.usecase;

import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.doorbell.customer.KeycloakFront;
import dev.doorbell.customer.domain.DriftKind;
import dev.doorbell.customer.store.ReconciliationStore;
import dev.doorbell.customer.usecase.ReconcileIdentities.Options;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Drift made by hand, in a real Keycloak and a real PostgreSQL, found and repaired. */
@ExtendWith(VertxExtension.class)
class ReconcileIdentitiesTest {
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
    void whatDisagreesIsToldAndThenRepairedAndStrangersAreLeftAlone() {
        world.startWorker();
        world.registered("agrees");
        UUID missing = world.registered("missing");
        world.keycloak.removeUser(world.userId(missing));
        UUID disabled = world.registered("disabled");
        world.keycloak.changeUser(world.user(disabled).put("enabled", false));
        UUID unmarked = world.registered("unmarked");
        String unmarkedUser = world.userId(unmarked);
        world.keycloak.changeUser(without(world.user(unmarked)));
        UUID nameTaken = world.registered("taken");
        world.keycloak.removeUser(world.userId(nameTaken));
        world.keycloak.addUser(new JsonObject().put("username", "taken").put("enabled", true));
        UUID twice = world.registered("twice");
        world.keycloak.addUserOf(twice, "second");
        UUID early = world.requested("early");
        world.awaitIdentity(early, "PROVISIONED");
        world.keycloak.changeUser(world.user(early).put("enabled", true));
        UUID failed = world.requested("failed");
        world.awaitIdentity(failed, "PROVISIONED");
        world.paymentRefused(failed);
        world.awaitIdentity(failed, "REMOVED");
        world.keycloak.addUserOf(failed, "failed");
        UUID unknown = UUID.randomUUID();
        world.keycloak.addUserOf(unknown, "unknown");
        world.keycloak.addUser(new JsonObject().put("username", "stranger").put("enabled", true));
        String[] all = {
            "found missing " + missing,
            "found disabled " + disabled,
            "found attribute_lost " + unmarked,
            "found name_taken " + nameTaken,
            "found second_user " + twice,
            "found enabled_early " + early,
            "found orphaned " + failed,
            "found unknown_customer " + unknown
        };

        long writes = world.front.writes();
        ReconcileReport report = comparison.run(Comparison.options(NOTHING));
        assertThat(comparison.told).containsExactlyInAnyOrder(all);
        assertThat(report.foundCount()).isEqualTo(all.length);
        assertThat(world.front.writes() - writes).as("only comparison.told").isZero();
        assertThat(world.text("SELECT count(*)::text FROM identity WHERE due_at IS NOT NULL"))
                .isEqualTo("0");
        assertThat(comparison.last().findingsLeft()).isEqualTo(all.length);

        comparison.told.clear();
        ReconcileReport repair = comparison.run(Comparison.options(DriftKind.ALL_REPAIRS));
        assertThat(comparison.told.stream().filter(line -> line.startsWith("found")))
                .containsExactlyInAnyOrder(all);
        assertThat(repair.repaired())
                .isEqualTo(Map.of(
                        DriftKind.MISSING, 1,
                        DriftKind.DISABLED, 1,
                        DriftKind.ATTRIBUTE_LOST, 1,
                        DriftKind.ENABLED_EARLY, 1,
                        DriftKind.ORPHANED, 1));
        assertThat(comparison.last().findingsLeft()).isEqualTo(3);
        List.of(missing, disabled, unmarked).forEach(id -> world.awaitIdentity(id, "ENABLED"));
        world.awaitIdentity(early, "PROVISIONED");
        world.awaitIdentity(failed, "REMOVED");
        for (UUID id : List.of(missing, disabled, unmarked)) {
            assertThat(world.user(id).getBoolean("enabled")).isTrue();
            assertThat(world.events(id))
                    .as("it is comparison.told once that they are registered")
                    .containsExactly("CustomerPendingRegistrationEvent", "CustomerRegisteredEvent");
        }
        assertThat(world.userId(unmarked)).isEqualTo(unmarkedUser);
        assertThat(world.user(early).getBoolean("enabled")).isFalse();
        assertThat(world.keycloak.usersOf(failed)).isEmpty();
        for (String name : List.of("unknown", "taken", "stranger", "second", "visitor", "operator")) {
            assertThat(world.keycloak.usersNamed(name)).as(name).hasSize(1);
        }

        comparison.told.clear();
        comparison.run(Comparison.options(DriftKind.ALL_REPAIRS));
        assertThat(comparison.told)
                .containsExactlyInAnyOrder(
                        "found name_taken " + nameTaken,
                        "found second_user " + twice,
                        "found unknown_customer " + unknown);
        world.paymentAuthorized(early);
        world.awaitIdentity(early, "ENABLED");
        assertThat(world.status(early)).isEqualTo("REGISTRATION_SUCCESS");
    }

    private static JsonObject without(JsonObject user) {
        user.remove("attributes");
        return user.put("attributes", new JsonObject());
    }

    @Test
    void workUnderWayIsNoDrift() {
        world.startWorker();
        UUID enabling = world.requested("enabling");
        UUID removing = world.requested("removing");
        world.awaitIdentity(enabling, "PROVISIONED");
        world.awaitIdentity(removing, "PROVISIONED");
        UUID repaired = world.registered("repaired");
        world.stopWorker();
        world.keycloak.removeUser(world.userId(repaired));
        comparison.run(Comparison.options(DriftKind.REPAIRABLE));
        assertThat(comparison.told).containsExactly("found missing " + repaired, "repaired missing " + repaired);
        comparison.told.clear();
        world.requested("requested");
        world.paymentAuthorized(enabling);
        world.paymentRefused(removing);
        String before = rows();
        comparison.run(Comparison.options(DriftKind.REPAIRABLE));
        assertThat(comparison.told).isEmpty();
        assertThat(rows()).isEqualTo(before);
    }

    private String rows() {
        return world.text("SELECT string_agg(identity::text, ' ' ORDER BY customer_id) FROM identity");
    }

    @Test
    void whatChangesWhileItIsComparedIsNoDrift() {
        world.startWorker();
        UUID registered = world.registered("registered");
        String userId = world.userId(registered);
        UUID failed = world.requested("failed");
        world.awaitIdentity(failed, "PROVISIONED");
        world.paymentRefused(failed);
        world.awaitIdentity(failed, "REMOVED");
        world.stopWorker();
        world.keycloak.removeUser(userId);
        String left = world.keycloak.addUserOf(failed, "failed");
        for (String[] crossing : new String[][] {{userId, registered.toString()}, {left, failed.toString()}}) {
            Promise<Void> release = Promise.promise();
            String path = "/users/" + crossing[0];
            world.front.next(HttpMethod.GET, path, KeycloakFront.holdUntil(release.future()));
            comparison.told.clear();
            long before = world.front.count(HttpMethod.GET, path);
            Future<Optional<ReconcileReport>> running = comparison.begin(Comparison.options(NOTHING), false);
            await("the user to be read again").until(() -> world.front.count(HttpMethod.GET, path) > before);
            // As a worker or a rejection that has taken the row.
            get(world.pool
                    .query("UPDATE identity SET lease = lease + 1 WHERE customer_id = '" + crossing[1] + "'")
                    .execute());
            release.complete();
            assertThat(get(running)).isPresent();
            assertThat(comparison.told).noneMatch(line -> line.contains(crossing[1]));
        }
    }

    /** Keycloak pages by offset: who goes in front moves others over the border of a page. */
    @Test
    void nobodyIsSkippedWhenUsersGoWhileTheyAreListed() {
        List<String> front = new ArrayList<>();
        for (char letter = 'a'; letter < 'a' + 4; letter++) {
            world.keycloak.addUser(new JsonObject().put("username", "aaa" + letter));
            front.add(world.keycloak.usersNamed("aaa" + letter).get(0).getString("id"));
        }
        UUID unknown = UUID.randomUUID();
        world.keycloak.addUserOf(unknown, "aaae");
        for (char letter = 'f'; letter < 'f' + 4; letter++) {
            world.keycloak.addUser(new JsonObject().put("username", "aaa" + letter));
        }
        Promise<Void> release = Promise.promise();
        world.front.next(HttpMethod.GET, "/users", KeycloakFront.none());
        world.front.next(HttpMethod.GET, "/users", KeycloakFront.holdUntil(release.future()));
        Future<Optional<ReconcileReport>> running = comparison.begin(Comparison.options(NOTHING, 4), false);
        await("the second page").until(() -> world.front.count(HttpMethod.GET, "/users") == 2);
        front.forEach(world.keycloak::removeUser);
        release.complete();
        assertThat(get(running)).isPresent();
        assertThat(comparison.told).containsExactly("found unknown_customer " + unknown);
    }

    @Test
    void whoIsReadTwiceIsToldOnce() {
        List<String> all = new ArrayList<>();
        for (char letter = 'a'; letter < 'a' + 6; letter++) {
            UUID unknown = UUID.randomUUID();
            world.keycloak.addUserOf(unknown, "aaa" + letter);
            all.add("found unknown_customer " + unknown);
        }
        assertThat(comparison.run(Comparison.options(NOTHING, 2)).users())
                .as("pages overlap")
                .isGreaterThan(8);
        assertThat(comparison.told).containsExactlyInAnyOrderElementsOf(all);
        assertThat(comparison.last().findingsLeft()).isEqualTo(6);
    }

    @Test
    void aRunThatKeycloakEndsIsToldAndTheNextOneGoesOn() {
        world.startWorker();
        UUID missing = world.registered("missing");
        world.stopWorker();
        world.keycloak.removeUser(world.userId(missing));
        for (char letter = 'a'; letter < 'a' + 6; letter++) {
            world.keycloak.addUser(new JsonObject().put("username", "aaa" + letter));
        }
        Promise<Void> release = Promise.promise();
        world.front.next(HttpMethod.GET, "/users", KeycloakFront.none());
        world.front.next(HttpMethod.GET, "/users", KeycloakFront.holdUntil(release.future()));
        Future<Optional<ReconcileReport>> running = comparison.begin(Comparison.options(NOTHING, 4), false);
        await("the second page").until(() -> world.front.count(HttpMethod.GET, "/users") == 2);
        world.front.down();
        release.complete();
        // The answer that was held up still comes; the page after it does not.
        assertThatThrownBy(() -> get(running))
                .hasMessageStartingWith("the comparison is given up in the middle of ")
                .hasMessageNotContaining("aaa");
        assertThat(comparison.last().completed()).isFalse();
        world.front.up();
        await("the circuit to let something through").until(() -> world.provider.capacity() > 0);
        ReconcileReport report =
                get(comparison.begin(Comparison.options(NOTHING, 4), true)).orElseThrow();
        assertThat(report.continued()).isTrue();
        assertThat(report.users()).as("not from the beginning").isLessThan(8);
        assertThat(comparison.told).containsExactly("found missing " + missing);
        assertThat(comparison.last().completed()).isTrue();
        assertThat(comparison.run(Comparison.options(NOTHING, 4)).continued()).isFalse();
    }

    @Test
    void aCallThatFailsForNowIsMadeAgainNotBeforeKeycloakAsksForIt() {
        world.front.next(HttpMethod.GET, "/users", KeycloakFront.answer(429, "Retry-After", "1"));
        world.front.next(HttpMethod.GET, "/users", KeycloakFront.answer(503));
        long begun = System.nanoTime();
        comparison.run(Comparison.options(NOTHING));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(1));
    }

    @Test
    void noMoreCallsAreMadeThanAllowed() {
        long begun = System.nanoTime();
        int before = world.front.count();
        comparison.run(new Options(NOTHING, NOTHING, 2, 10, 1, Duration.ofMillis(10), PATIENT));
        int calls = world.front.count() - before - 1;
        assertThat(calls).as("without that for the token").isGreaterThanOrEqualTo(2);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isGreaterThan(Duration.ofMillis(100).multipliedBy(calls - 1));
    }

    @Test
    void anAnswerWithoutEndIsGivenUp() {
        world.front.next(HttpMethod.GET, "/users", KeycloakFront.answerOf(5 * 1024 * 1024));
        assertThatThrownBy(() -> comparison.run(Comparison.options(NOTHING)))
                .hasMessageEndingWith("Keycloak's answer is larger than 4194304 bytes");
        assertThat(comparison.run(Comparison.options(NOTHING)).users()).isEqualTo(2);
    }

    @Test
    void oneComparesAtATime() {
        ReconciliationStore store = new ReconciliationStore();
        UUID other = UUID.randomUUID();
        assertThat(get(store.take(world.pool, other, PATIENT, false))).isPresent();
        assertThat(get(comparison.begin(Comparison.options(NOTHING), false))).isEmpty();
        get(store.giveUp(world.pool, other));

        Promise<Void> release = Promise.promise();
        world.front.next(HttpMethod.GET, "/users", KeycloakFront.holdUntil(release.future()));
        Future<Optional<ReconcileReport>> running = comparison.begin(Comparison.options(NOTHING), false);
        await("the page").until(() -> world.front.count(HttpMethod.GET, "/users") == 1);
        // Its lease has ended while it stood still.
        get(world.pool.query("UPDATE reconciliation SET leased_until = now()").execute());
        assertThat(get(store.takeIfDue(world.pool, other, PATIENT, Duration.ofDays(1), Duration.ofDays(1))))
                .as("what was cut off is due at once")
                .isPresent();
        release.complete();
        assertThatThrownBy(() -> get(running)).hasMessageContaining("somebody else has taken the comparison over");
        assertThat(get(comparison.begin(Comparison.options(NOTHING), false)))
                .as("the other one's lease")
                .isEmpty();
    }

    @Test
    void itIsDueAnIntervalAfterTheLastEndAndSoonerAfterAFailure() {
        ReconciliationStore store = new ReconciliationStore();
        Duration hour = Duration.ofHours(1);
        Duration minute = Duration.ofMinutes(1);
        UUID run = UUID.randomUUID();
        assertThat(get(store.takeIfDue(world.pool, run, PATIENT, hour, minute))).isEmpty();
        ended("61 minutes");
        assertThat(get(store.takeIfDue(world.pool, run, PATIENT, hour, minute))).isPresent();
        get(store.giveUp(world.pool, run));
        assertThat(get(store.takeIfDue(world.pool, run, PATIENT, hour, minute))).isEmpty();
        ended("61 seconds");
        assertThat(get(store.takeIfDue(world.pool, run, PATIENT, hour, minute))).isPresent();
        assertThat(get(store.complete(world.pool, run))).isTrue();
        ended("61 seconds");
        assertThat(get(store.takeIfDue(world.pool, run, PATIENT, hour, minute))).isEmpty();
    }

    private void ended(String ago) {
        get(world.pool
                .query("UPDATE reconciliation SET ended_at = now() - interval '" + ago + "'")
                .execute());
    }

    @Test
    void whatIsExpectedIsToldAndNotLeftToDo() {
        UUID unknown = UUID.randomUUID();
        world.keycloak.addUserOf(unknown, "unknown");
        UUID failed = world.signUps.registered("failed");
        world.paymentRefused(failed);
        world.keycloak.addUserOf(failed, "failed");
        Set<DriftKind> expected = Set.of(DriftKind.UNKNOWN_CUSTOMER);
        comparison.run(new Options(NOTHING, expected, 100, 1_000, 1, Duration.ofMillis(10), PATIENT));
        assertThat(comparison.told)
                .containsExactlyInAnyOrder("found unknown_customer " + unknown, "found orphaned " + failed);
        assertThat(comparison.last().findingsLeft()).isEqualTo(1);
        comparison.run(new Options(expected, expected, 100, 1_000, 1, Duration.ofMillis(10), PATIENT));
        assertThat(comparison.told).contains("repaired unknown_customer " + unknown);
        assertThat(comparison.last().findingsLeft()).as("and not one less").isEqualTo(1);
    }
}
