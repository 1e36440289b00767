package dev.doorbell.customer.usecase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.customer.KeycloakFront;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How Keycloak is asked, and left alone, while it is down, refuses us or asks for a pause. */
@ExtendWith(VertxExtension.class)
class KeycloakUnavailableTest {
    private static final Duration PATIENT = Duration.ofSeconds(15);

    private IdentityWorld world;

    @BeforeEach
    void world(Vertx vertx) {
        world = new IdentityWorld(vertx);
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
}
