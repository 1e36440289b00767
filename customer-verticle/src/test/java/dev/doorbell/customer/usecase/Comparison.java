package dev.doorbell.customer.usecase;

import static dev.doorbell.customer.TestStack.get;

import dev.doorbell.customer.domain.DriftKind;
import dev.doorbell.customer.store.ReconciliationStore;
import dev.doorbell.customer.usecase.ReconcileIdentities.Options;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** Comparisons of customers and users, and what they tell. */
final class Comparison {
    private static final Duration PATIENT = Duration.ofSeconds(15);

    /** {@code found} or {@code repaired}, the kind and the customer's id. */
    final List<String> told = new CopyOnWriteArrayList<>();

    private final Vertx vertx;
    private final IdentityWorld world;

    Comparison(Vertx vertx, IdentityWorld world) {
        this.vertx = vertx;
        this.world = world;
    }

    static Options options(Set<DriftKind> repair) {
        return options(repair, 5);
    }

    static Options options(Set<DriftKind> repair, int pageSize) {
        return new Options(repair, Set.of(), pageSize, 1_000, 10, Duration.ofMillis(10), PATIENT);
    }

    ReconcileReport run(Options options) {
        return get(begin(options, false)).orElseThrow();
    }

    Future<Optional<ReconcileReport>> begin(Options options, boolean goOn) {
        ReconcileListener listener = new ReconcileListener() {
            @Override
            public void found(DriftKind kind, UUID customerId, String userId) {
                told.add("found " + kind.label() + " " + customerId);
            }

            @Override
            public void repaired(DriftKind kind, UUID customerId, String userId) {
                told.add("repaired " + kind.label() + " " + customerId);
            }
        };
        return world.onContext(() ->
                new ReconcileIdentities(vertx, world.pool, world.provider.directory(), options, listener).run(goOn));
    }

    ReconciliationStore.LastCompleted last() {
        return get(new ReconciliationStore().lastCompleted(world.pool));
    }
}
