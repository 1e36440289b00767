package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.Registration;
import dev.doorbell.customer.domain.RegistrationTransitions;
import dev.doorbell.customer.domain.Trigger;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.messages.Reasons;
import dev.doorbell.outbox.Outbox;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Rejects registrations whose reply did not come in time, by the database's clock and in bounded batches. */
public final class RejectOverdueRegistrations {
    static final int BATCH_MAX = 100;

    private final Pool pool;
    private final CustomerStore store;
    private final SettleRegistration settle;
    private final Duration after;

    public RejectOverdueRegistrations(Pool pool, CustomerStore store, Outbox outbox, Duration after) {
        this.pool = pool;
        this.store = store;
        this.settle = new SettleRegistration(store, outbox);
        this.after = after;
    }

    /** @return how many were rejected; less than {@link #BATCH_MAX} when no more are overdue */
    public Future<Integer> rejectBatch() {
        return pool.withTransaction(connection -> store.lockOverdue(connection, after, BATCH_MAX)
                .compose(overdue -> rejectAll(connection, overdue).map(overdue.size())));
    }

    /**
     * All that are overdue, a transaction for each batch.
     *
     * @param goOn asked before each further batch
     */
    public Future<Integer> reject(BooleanSupplier goOn) {
        Promise<Integer> all = Promise.promise();
        rejectFrom(0, goOn, all);
        return all.future();
    }

    /** One promise for all batches: futures nested as deep as there are batches would overflow the stack at the end. */
    private void rejectFrom(int before, BooleanSupplier goOn, Promise<Integer> all) {
        rejectBatch()
                .onComplete(
                        count -> {
                            if (count < BATCH_MAX || !goOn.getAsBoolean()) {
                                all.complete(before + count);
                            } else {
                                rejectFrom(before + count, goOn, all);
                            }
                        },
                        all::fail);
    }

    private Future<Void> rejectAll(SqlConnection connection, List<Registration> overdue) {
        Future<Void> done = Future.succeededFuture();
        for (Registration registration : overdue) {
            Registration.Decision decision = new Registration.Decision(
                    RegistrationTransitions.of(registration.status(), Trigger.DEADLINE_PASSED),
                    Reasons.REGISTRATION_DEAD_LOCK_DETECTED);
            done = done.compose(before -> settle.settle(connection, registration, decision, null));
        }
        return done;
    }
}
