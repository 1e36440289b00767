package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.DriftKind;
import dev.doorbell.customer.store.DriftStore;
import dev.doorbell.customer.store.ReconciliationStore;
import dev.doorbell.customer.store.ReconciliationStore.Pass;
import dev.doorbell.customer.store.ReconciliationStore.Position;
import dev.doorbell.customer.usecase.ReconcileListener.End;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Compares customers and the identity provider's users both ways, for what our steps cannot know of: a restored backup,
 * somebody at the provider's console. One run at a time, of all instances; it notes with every page where it stands, so
 * that after a failure the next one goes on there. Use from one event loop.
 */
public final class ReconcileIdentities {
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(5);

    /**
     * @param repair the kinds that are repaired; the others are told
     * @param expected the kinds that may be left: told, and not counted among what is left to do
     * @param pageSize users, and customers, that are read at once
     * @param callsPerSecondMax of the provider
     * @param unknownRemovedMax users of customers that there are not: if more are found in a run, none is removed
     * @param retryMin before a call is repeated; doubles with each repeat
     * @param roomWaitMax how long a repair waits while the workers have enough to do, before the run is given up
     */
    public record Options(
            Set<DriftKind> repair,
            Set<DriftKind> expected,
            int pageSize,
            int callsPerSecondMax,
            int unknownRemovedMax,
            Duration retryMin,
            Duration roomWaitMax) {
        public static final int UNKNOWN_REMOVED_MAX = 100;

        public Options {
            if (!DriftKind.REPAIRABLE.containsAll(repair)) {
                throw new IllegalArgumentException("not to be repaired without a person: " + repair);
            }
        }

        public Options(Set<DriftKind> repair, Set<DriftKind> expected, int pageSize, int callsPerSecondMax) {
            this(
                    repair,
                    expected,
                    pageSize,
                    callsPerSecondMax,
                    UNKNOWN_REMOVED_MAX,
                    Duration.ofMillis(500),
                    Duration.ofMinutes(1));
        }
    }

    private final Vertx vertx;
    private final Pool pool;
    private final IdentityDirectory directory;
    private final Options options;
    private final ReconcileListener listener;
    private final DriftStore drift = new DriftStore();
    private final ReconciliationStore store = new ReconciliationStore();
    private boolean stopped;

    public ReconcileIdentities(
            Vertx vertx, Pool pool, IdentityDirectory directory, Options options, ReconcileListener listener) {
        this.vertx = vertx;
        this.pool = pool;
        this.directory = directory;
        this.options = options;
        this.listener = listener;
    }

    /** The run in work ends before its next call; none begins any more. */
    public void stop() {
        stopped = true;
    }

    /**
     * Compares now.
     *
     * @param goOn whether an unfinished comparison is taken up where it stands
     * @return empty when somebody else is comparing; fails with {@link IllegalStateException}, whose message says where it
     *     was and why it is given up
     */
    public Future<Optional<ReconcileReport>> run(boolean goOn) {
        UUID run = UUID.randomUUID();
        return store.take(pool, run, RunLease.LENGTH, goOn).compose(position -> compare(run, position));
    }

    /** The same if a comparison is due. @return empty when none is */
    public Future<Optional<ReconcileReport>> runIfDue(Duration interval) {
        UUID run = UUID.randomUUID();
        return store.takeIfDue(pool, run, RunLease.LENGTH, interval, AFTER_FAILURE)
                .compose(position -> compare(run, position));
    }

    private Future<Optional<ReconcileReport>> compare(UUID run, Optional<Position> taken) {
        if (taken.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        Position begin = taken.get();
        RunLease lease = new RunLease(pool, run, begin, () -> stopped);
        DriftFindings findings = new DriftFindings(vertx, pool, drift, options, lease, listener);
        PacedDirectory paced =
                new PacedDirectory(vertx, directory, options.callsPerSecondMax(), options.retryMin(), lease::keep);
        RepairDrift repair = new RepairDrift(pool, drift);
        UsersPass users = new UsersPass(pool, drift, paced, repair, findings, lease, options);
        CustomersPass customers = new CustomersPass(pool, drift, paced, repair, findings, lease, options);
        boolean continued = begin.pass() == Pass.CUSTOMERS || begin.usersFirst() > 0;
        return (begin.pass() == Pass.USERS
                        ? users.run().compose(done -> secondPass(lease))
                        : Future.<Void>succeededFuture())
                .compose(first -> customers.run())
                .compose(both -> lease.complete())
                .onSuccess(completed -> listener.ended(End.COMPLETED))
                .map(completed -> Optional.of(findings.report(continued, users.read(), customers.read())))
                .recover(failure -> giveUp(lease, failure));
    }

    private static Future<Void> secondPass(RunLease lease) {
        return lease.save(new Position(Pass.CUSTOMERS, 0, List.of(), null, 0));
    }

    private Future<Optional<ReconcileReport>> giveUp(RunLease lease, Throwable failure) {
        listener.ended(End.GIVEN_UP);
        String where = lease.position().pass() == Pass.USERS ? "the provider's users" : "the customers";
        IllegalStateException told = new IllegalStateException(
                "the comparison is given up in the middle of " + where + ": " + failure.getMessage(), failure);
        return lease.giveUp().transform(given -> Future.failedFuture(told));
    }
}
