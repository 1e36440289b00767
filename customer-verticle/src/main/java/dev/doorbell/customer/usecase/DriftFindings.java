package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.DriftKind;
import dev.doorbell.customer.store.DriftStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** What one run finds: told, counted, and repaired where it was asked for and there is room. Use from one event loop. */
final class DriftFindings {
    /** More work than that waits for the workers already: registrations come first. */
    static final int DUE_MAX = 32;

    private static final long LOOK_AGAIN_MS = 500;

    private final Vertx vertx;
    private final Pool pool;
    private final DriftStore drift;
    private final ReconcileIdentities.Options options;
    private final RunLease lease;
    private final ReconcileListener listener;
    private final Map<DriftKind, Integer> found = new EnumMap<>(DriftKind.class);
    private final Map<DriftKind, Integer> repaired = new EnumMap<>(DriftKind.class);

    DriftFindings(
            Vertx vertx,
            Pool pool,
            DriftStore drift,
            ReconcileIdentities.Options options,
            RunLease lease,
            ReconcileListener listener) {
        this.vertx = vertx;
        this.pool = pool;
        this.drift = drift;
        this.options = options;
        this.lease = lease;
        this.listener = listener;
    }

    boolean repairs(DriftKind kind) {
        return options.repair().contains(kind);
    }

    /** @param work answers false when somebody was faster: what changes is no drift, and is not told */
    Future<Void> found(DriftKind kind, UUID customerId, String userId, Supplier<Future<Boolean>> work) {
        if (!repairs(kind)) {
            left(kind, customerId, userId);
            return Future.succeededFuture();
        }
        return room().compose(room -> work.get()).map(done -> {
            if (done) {
                count(found, kind);
                listener.found(kind, customerId, userId);
                tellRepaired(kind, customerId, userId);
            }
            return null;
        });
    }

    /** Found, and not repaired, or not yet. */
    void left(DriftKind kind, UUID customerId, String userId) {
        count(found, kind);
        listener.found(kind, customerId, userId);
        if (!isExpected(kind)) {
            lease.left();
        }
    }

    void repairedAfterAll(DriftKind kind, UUID customerId, String userId) {
        if (!isExpected(kind)) {
            lease.repairedAfterAll();
        }
        tellRepaired(kind, customerId, userId);
    }

    ReconcileReport report(boolean continued, long users, long customers) {
        return new ReconcileReport(continued, users, customers, Map.copyOf(found), Map.copyOf(repaired));
    }

    private boolean isExpected(DriftKind kind) {
        return options.expected().contains(kind);
    }

    private void tellRepaired(DriftKind kind, UUID customerId, String userId) {
        count(repaired, kind);
        listener.repaired(kind, customerId, userId);
    }

    private static void count(Map<DriftKind, Integer> counts, DriftKind kind) {
        counts.merge(kind, 1, Integer::sum);
    }

    private Future<Void> room() {
        long deadlineNanos = System.nanoTime() + options.roomWaitMax().toNanos();
        return Loop.whileTrue(() -> drift.countDue(pool, DUE_MAX).compose(due -> {
            if (due < DUE_MAX) {
                return Future.succeededFuture(false);
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                return Future.failedFuture(new IllegalStateException("work on users has been waiting for "
                        + options.roomWaitMax().toSeconds()
                        + " s, so nothing is added to it; is the service running?"));
            }
            Promise<Boolean> again = Promise.promise();
            vertx.setTimer(LOOK_AGAIN_MS, tick -> again.complete(true));
            return again.future().compose(more -> lease.keep().map(true));
        }));
    }
}
