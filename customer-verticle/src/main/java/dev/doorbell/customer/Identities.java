package dev.doorbell.customer;

import dev.doorbell.customer.domain.IdentityOutcome;
import dev.doorbell.customer.keycloak.KeycloakIdentityProvider;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.customer.usecase.IdentityProvider;
import dev.doorbell.customer.usecase.NoIdentityProvider;
import dev.doorbell.customer.usecase.ProvisionIdentities;
import dev.doorbell.customer.usecase.ReconcileIdentities;
import dev.doorbell.customer.usecase.RegistrationSecrets;
import dev.doorbell.customer.usecase.ScheduleReconciliation;
import dev.doorbell.customer.usecase.SetPassword;
import dev.doorbell.messages.EventTypes;
import dev.doorbell.outbox.ConsumerListener;
import dev.doorbell.outbox.DeadLetterReason;
import dev.doorbell.outbox.Event;
import dev.doorbell.outbox.Outbox;
import dev.doorbell.service.Health;
import dev.doorbell.service.Health.Check;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Wires what makes users; with {@code IDENTITY_PROVIDER=none} there is nothing to start. */
final class Identities {
    private static final Duration OLDEST_MAX = Duration.ofSeconds(60);
    /** What a handler of ours has just written work down for. */
    private static final Set<String> BRING_WORK = Set.of(
            EventTypes.CUSTOMER_PENDING_REGISTRATION, EventTypes.PAYMENT_AUTHORIZED, EventTypes.PAYMENT_NOT_AUTHORIZED);

    private final KeycloakIdentityProvider keycloak;
    private final ProvisionIdentities worker;
    private final IdentityMetrics metrics;
    private final RegistrationSecrets secrets;
    private final Duration secretLife;
    private final ReconcileMetrics reconcileMetrics;
    private final ScheduleReconciliation reconciliation;
    private final Optional<Duration> reconcileInterval;

    /** @param pool for the worker's transactions */
    Identities(Vertx vertx, Pool pool, CustomerConfig config, MeterRegistry registry) {
        reconcileInterval = config.reconcile().interval();
        if (config.identity().isEmpty()) {
            keycloak = null;
            worker = null;
            metrics = null;
            secrets = null;
            secretLife = null;
            reconcileMetrics = null;
            reconciliation = null;
            return;
        }
        IdentityConfig identity = config.identity().get();
        keycloak = new KeycloakIdentityProvider(vertx, identity.keycloak());
        secrets = identity.secrets();
        secretLife = identity.secretLife();
        metrics = new IdentityMetrics(registry);
        worker = new ProvisionIdentities(
                vertx, pool, new CustomerStore(), new Outbox(), keycloak, ProvisionIdentities.Limits.DEFAULT, metrics);
        reconcileMetrics =
                new ReconcileMetrics(registry, config.reconcile().options().expected());
        reconciliation = new ScheduleReconciliation(
                vertx,
                pool,
                new ReconcileIdentities(
                        vertx, pool, keycloak.directory(), config.reconcile().options(), reconcileMetrics),
                reconcileInterval,
                reconcileMetrics);
        Gauge.builder("doorbell.identity.circuit", keycloak, provider -> code(provider.circuit()))
                .description("the circuit breaker before Keycloak: 0 closed, 1 half open, 2 open")
                .register(registry);
    }

    private static int code(CircuitBreakerState state) {
        return switch (state) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }

    /** With what a registration begins. */
    Optional<IdentityOutcome> initialOutcome() {
        IdentityProvider provider = keycloak == null ? new NoIdentityProvider() : keycloak;
        return provider.initialOutcome();
    }

    /** What an accepted registration is given for its first password. */
    Optional<RegistrationSecrets> secrets() {
        return Optional.ofNullable(secrets);
    }

    /** @param requests the pool of what comes by HTTP */
    Optional<SetPassword> setPassword(Pool requests) {
        return secrets().map(known -> new SetPassword(requests, keycloak, known, new SetPassword.Limits(secretLife)));
    }

    /** Wakes the worker behind a commit that may have brought it work; {@code listener} is told everything. */
    ConsumerListener listening(ConsumerListener listener) {
        return worker == null ? listener : new Waking(listener);
    }

    void check(Health checks) {
        if (worker != null) {
            checks.register("keycloak", () -> Future.succeededFuture(check()));
            checks.register("reconciliation", () -> Future.succeededFuture(reconcileMetrics.check(reconcileInterval)));
        }
    }

    /** Registrations are accepted without Keycloak, and wait. */
    private Check check() {
        if (keycloak.circuit() != CircuitBreakerState.CLOSED) {
            return Check.degraded("does not answer; users wait");
        }
        Duration oldest = metrics.oldest();
        if (!oldest.isZero() && metrics.refusal().isPresent()) {
            return Check.degraded("gives no token (" + metrics.refusal().get() + "); users wait");
        }
        return oldest.compareTo(OLDEST_MAX) > 0
                ? Check.degraded("has users to make or remove for " + oldest.toSeconds() + " s")
                : Check.UP;
    }

    void start() {
        if (worker != null) {
            worker.start();
            reconciliation.start();
        }
    }

    Future<Void> stop() {
        return worker == null
                ? Future.succeededFuture()
                : Future.join(worker.stop(), reconciliation.stop())
                        .<Void>mapEmpty()
                        .onComplete(stopped -> keycloak.close());
    }

    private final class Waking implements ConsumerListener {
        private final ConsumerListener next;

        Waking(ConsumerListener next) {
            this.next = next;
        }

        @Override
        public void processed(Event event) {
            next.processed(event);
            if (BRING_WORK.contains(event.type())) {
                worker.poke();
            }
        }

        @Override
        public void duplicate(Event event) {
            next.duplicate(event);
        }

        @Override
        public void unhandled(String eventType) {
            next.unhandled(eventType);
        }

        @Override
        public void retried(Throwable cause) {
            next.retried(cause);
        }

        @Override
        public void deadLettered(DeadLetterReason reason) {
            next.deadLettered(reason);
        }
    }
}
