package dev.doorbell.customer.usecase;

import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.customer.KeycloakFront;
import dev.doorbell.customer.TestKeycloak;
import dev.doorbell.customer.TestStack;
import dev.doorbell.customer.domain.IdentityState;
import dev.doorbell.customer.domain.PaymentOutcome;
import dev.doorbell.customer.keycloak.KeycloakIdentityProvider;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.customer.store.IdentityStore;
import dev.doorbell.outbox.Outbox;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A database, a realm of the real Keycloak with a front before it, and an instance's worker: what a test acts on. */
final class IdentityWorld {
    static final ProvisionIdentities.Limits LIMITS = new ProvisionIdentities.Limits(
            4,
            Duration.ofMillis(50),
            Duration.ofSeconds(20),
            Duration.ofSeconds(15),
            Duration.ofMillis(50),
            Duration.ofMillis(400));

    final CustomerStore customers = new CustomerStore();
    final IdentityStore identities = new IdentityStore();
    final Outbox outbox = new Outbox();
    final Pool pool;
    final SignUps signUps;
    final TestKeycloak keycloak;
    final KeycloakFront front;
    final KeycloakIdentityProvider provider;
    /** {@code state outcome} of each attempt. */
    final List<String> outcomes = new CopyOnWriteArrayList<>();
    /** Why work could not be taken up. */
    final List<String> refusals = new CopyOnWriteArrayList<>();

    private final Vertx vertx;
    private final Instance instance;
    private final DecideRegistration decide = new DecideRegistration(customers, outbox);

    /** With a realm as it stands in the repository, and a client that waits long. */
    IdentityWorld(Vertx vertx) {
        this(vertx, new TestKeycloak(vertx, Duration.ofSeconds(60)), Duration.ofSeconds(15));
    }

    IdentityWorld(Vertx vertx, TestKeycloak keycloak, Duration callTimeout) {
        this.keycloak = keycloak;
        pool = TestStack.pool(vertx, TestStack.newMigratedDatabase());
        signUps = new SignUps(vertx, pool, SignUps.Limits.DEFAULT, Optional.empty());
        front = new KeycloakFront(vertx, keycloak.url());
        provider = new KeycloakIdentityProvider(vertx, keycloak.config(front.url(), callTimeout));
        this.vertx = vertx;
        instance = anotherInstance();
    }

    /** A worker on an event loop of its own. */
    Instance anotherInstance() {
        return anotherInstance(LIMITS);
    }

    Instance anotherInstance(ProvisionIdentities.Limits limits) {
        return new Instance(vertx.getOrCreateContext(), limits);
    }

    final class Instance {
        private final Context context;
        private final ProvisionIdentities worker;

        private Instance(Context context, ProvisionIdentities.Limits limits) {
            this.context = context;
            worker = new ProvisionIdentities(vertx, pool, customers, outbox, provider, limits, new IdentityListener() {
                @Override
                public void ended(IdentityState state, String outcome) {
                    outcomes.add(state + " " + outcome);
                }

                @Override
                public void permitRefused(String reason) {
                    refusals.add(reason);
                }
            });
        }

        void start() {
            Promise<Void> started = Promise.promise();
            context.runOnContext(go -> {
                worker.start();
                started.complete();
            });
            get(started.future());
        }

        void stop() {
            Promise<Void> stopped = Promise.promise();
            context.runOnContext(go -> worker.stop().onComplete(stopped));
            get(stopped.future());
        }
    }

    void startWorker() {
        instance.start();
    }

    void stopWorker() {
        instance.stop();
    }

    /** Signs up and has the event of it processed. */
    UUID requested(String username) {
        UUID id = signUps.registered(username);
        request(id);
        return id;
    }

    /** Registered with success, and so with an enabled user. The worker must be at work. */
    UUID registered(String username) {
        UUID id = requested(username);
        awaitIdentity(id, "PROVISIONED");
        paymentAuthorized(id);
        awaitIdentity(id, "ENABLED");
        return id;
    }

    JsonObject user(UUID customerId) {
        return keycloak.usersOf(customerId).get(0);
    }

    String userId(UUID customerId) {
        return user(customerId).getString("id");
    }

    /** On the event loop of the worker. */
    <T> Future<T> onContext(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        instance.context.runOnContext(go -> work.get().onComplete(done));
        return done.future();
    }

    void request(UUID id) {
        RequestIdentity request = new RequestIdentity(identities);
        get(pool.withTransaction(connection -> request.request(connection, id, SignUps.TRACEPARENT)));
    }

    void paymentAuthorized(UUID id) {
        payment(id, PaymentOutcome.AUTHORIZED, null);
    }

    void paymentRefused(UUID id) {
        payment(id, PaymentOutcome.REFUSED, "NO_BALANCE_LEFT");
    }

    private void payment(UUID id, PaymentOutcome outcome, String refusal) {
        get(pool.withTransaction(connection ->
                decide.onPayment(connection, id, UUID.randomUUID(), outcome, refusal, SignUps.TRACEPARENT)));
    }

    int rejectOverdue() {
        get(pool.query("UPDATE saga_watch SET lagged_at = now() - interval '1 hour'")
                .execute());
        get(pool.query("UPDATE customer SET created_at = now() - interval '1 hour'")
                .execute());
        return get(new RejectOverdueRegistrations(pool, customers, outbox, Duration.ofMinutes(5)).reject(() -> true));
    }

    String status(UUID id) {
        return text("SELECT concat_ws(' ', status, reason) FROM customer WHERE id = '" + id + "'");
    }

    /** Empty when there is no row. */
    String identity(UUID id) {
        return text("SELECT coalesce((SELECT state FROM identity WHERE customer_id = '" + id + "'), '')");
    }

    boolean hasName(UUID id) {
        return text("SELECT (username_released_at IS NULL)::text FROM customer WHERE id = '" + id + "'")
                .equals("true");
    }

    String text(String query) {
        return get(pool.query(query).execute()).iterator().next().getString(0);
    }

    List<String> events(UUID id) {
        List<String> types = new ArrayList<>();
        get(pool.query("SELECT event_type FROM outbox WHERE aggregate_id = '" + id + "' ORDER BY seq")
                        .execute())
                .forEach(row -> types.add(row.getString(0)));
        return types;
    }

    void awaitIdentity(UUID id, String state) {
        await("identity " + state)
                .atMost(Duration.ofSeconds(40))
                .untilAsserted(
                        () -> assertThat(identity(id)).as("after " + outcomes).isEqualTo(state));
    }

    void awaitOutcome(String outcome) {
        await(outcome).atMost(Duration.ofSeconds(40)).until(() -> outcomes.contains(outcome));
    }
}
