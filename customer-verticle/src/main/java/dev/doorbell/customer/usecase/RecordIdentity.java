package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.IdentityOutcome;
import dev.doorbell.customer.domain.IdentityState;
import dev.doorbell.customer.domain.Registration;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.customer.store.IdentityLease;
import dev.doorbell.customer.store.IdentityStore;
import dev.doorbell.outbox.Outbox;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.function.BiFunction;

/**
 * Writes down what came of a call of the identity provider, each in one transaction that begins with the customer's lock:
 * under it the replies meet, and a rejection or an approval that came meanwhile is seen.
 */
final class RecordIdentity {
    private final Pool pool;
    private final CustomerStore customers;
    private final IdentityStore identities;
    private final SettleRegistration settle;

    RecordIdentity(Pool pool, CustomerStore customers, IdentityStore identities, Outbox outbox) {
        this.pool = pool;
        this.customers = customers;
        this.identities = identities;
        this.settle = new SettleRegistration(customers, outbox);
    }

    /**
     * There is a disabled user. Counts whoever has the lease by now: it is this customer's user in any case. When the
     * registration has failed meanwhile, the removal is told its id.
     */
    Future<Void> provisioned(IdentityLease lease, String userId) {
        return locked(
                lease,
                (connection, registration) -> identities
                        .noteAnswer(connection, lease, userId)
                        .compose(noted -> identities.advance(
                                connection, lease.customerId(), IdentityState.REQUESTED, IdentityState.PROVISIONED))
                        .compose(advanced -> advanced
                                ? reply(connection, lease, registration, IdentityOutcome.PROVISIONED)
                                : Future.succeededFuture()));
    }

    /** There is a user, about which no more is known yet. When the registration has failed meanwhile, it is removed. */
    Future<Void> made(IdentityLease lease, String userId) {
        return locked(lease, (connection, registration) -> identities.noteAnswer(connection, lease, userId));
    }

    /** There will be no user. Somebody who has taken the row since may know better. */
    Future<Void> refused(IdentityLease lease) {
        return locked(
                lease,
                (connection, registration) -> identities
                        .noteAnswer(connection, lease, null)
                        .compose(noted -> identities.refuse(connection, lease))
                        .compose(refused -> refused
                                ? reply(connection, lease, registration, IdentityOutcome.REFUSED)
                                : Future.succeededFuture()));
    }

    private Future<Void> reply(
            SqlConnection connection, IdentityLease lease, Registration registration, IdentityOutcome outcome) {
        return customers
                .recordIdentity(connection, lease.customerId(), outcome)
                .compose(recorded ->
                        settle.afterReply(connection, registration.withIdentity(outcome), null, lease.traceparent()));
    }

    /** The user can sign in: the end of an approved registration, or of a repair after its end. */
    Future<Void> enabled(IdentityLease lease, String userId) {
        return locked(
                lease,
                (connection, registration) -> identities
                        .noteAnswer(connection, lease, userId)
                        .compose(noted -> identities.advance(
                                connection, lease.customerId(), IdentityState.ENABLING, IdentityState.ENABLED))
                        .compose(advanced -> advanced && !registration.status().isTerminal()
                                ? settle.settle(connection, registration, registration.enabled(), lease.traceparent())
                                : Future.succeededFuture()));
    }

    /** There is no user; the name is free when none can turn up any more. */
    Future<Void> removed(IdentityLease lease) {
        return locked(
                lease,
                (connection, registration) -> identities
                        .removed(connection, lease)
                        .compose(removed -> removed
                                ? customers.releaseUsername(connection, lease.customerId())
                                : Future.succeededFuture()));
    }

    private Future<Void> locked(IdentityLease lease, BiFunction<SqlConnection, Registration, Future<Void>> work) {
        return pool.withTransaction(connection -> customers
                .lock(connection, lease.customerId())
                .compose(found -> work.apply(connection, found.orElseThrow())));
    }
}
