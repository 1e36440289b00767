package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.IdentityState;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.customer.store.IdentityLease;
import dev.doorbell.customer.store.IdentityStore;
import dev.doorbell.customer.usecase.IdentityProvider.Permit;
import dev.doorbell.customer.usecase.IdentityProvider.Provisioned;
import dev.doorbell.outbox.Failpoint;
import dev.doorbell.outbox.Outbox;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt at a leased piece of work: calls the identity provider, then writes down what came of it. */
final class IdentitySteps {
    /** What came of an attempt, as the listener is told it. */
    static final String NAME_IS_BEING_FREED = "NAME_IS_BEING_FREED";

    static final String TAKEN_AFTER_APPROVAL = "TAKEN_AFTER_APPROVAL";
    static final String LEASE_LOST = "LEASE_LOST";
    /** Of a registration that has failed; its removal may have come to its end since its user was seen. */
    private static final Set<IdentityState> FREED =
            EnumSet.of(IdentityState.REMOVING, IdentityState.REMOVED, IdentityState.REFUSED);

    private static final Logger log = LoggerFactory.getLogger(IdentitySteps.class);

    private final Pool pool;
    private final IdentityStore identities;
    private final IdentityProvider provider;
    private final RecordIdentity record;

    IdentitySteps(Pool pool, CustomerStore customers, Outbox outbox, IdentityProvider provider) {
        this.pool = pool;
        this.identities = new IdentityStore();
        this.provider = provider;
        this.record = new RecordIdentity(pool, customers, identities, outbox);
    }

    /** Not done, and nobody's failure: to be tried again. */
    static final class NotYetException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotYetException(String outcome) {
            super(outcome, null, false, false);
        }
    }

    /** @return the state that the work came to */
    Future<IdentityState> attempt(Permit permit, IdentityLease lease) {
        IdentityProvider.User user =
                new IdentityProvider.User(lease.customerId(), lease.username(), lease.firstName(), lease.lastName());
        return switch (lease.state()) {
            case REQUESTED ->
                provider.provision(permit, user, lease.userId())
                        .recover(failure -> noteMade(lease, failure))
                        .compose(answer -> provisioned(permit, user, lease, answer));
            case ENABLING ->
                provider.enable(permit, user, lease.userId())
                        .recover(failure -> noteMade(lease, failure))
                        .compose(answer -> enabled(lease, answer));
            case REMOVING ->
                provider.remove(permit, user, lease.userId()).compose(gone -> {
                    Failpoint.reached("identity-removed");
                    return record.removed(lease).map(IdentityState.REMOVED);
                });
            default -> Future.failedFuture(new IllegalStateException("Nothing is due in " + lease.state()));
        };
    }

    /** While a user is not known to carry the customer's id, its own id is all that tells the next attempt whose it is. */
    private <T> Future<T> noteMade(IdentityLease lease, Throwable failure) {
        return failure instanceof IdentityProviderException e && e.madeUserId().isPresent()
                ? record.made(lease, e.madeUserId().get()).compose(noted -> Future.failedFuture(failure))
                : Future.failedFuture(failure);
    }

    private Future<IdentityState> provisioned(
            Permit permit, IdentityProvider.User user, IdentityLease lease, Provisioned answer) {
        Failpoint.reached("identity-provisioned");
        if (answer instanceof Provisioned.Enabled early) {
            return enabledEarly(permit, user, lease, early.userId());
        }
        if (answer instanceof Provisioned.Done done) {
            return record.provisioned(lease, done.userId()).map(IdentityState.PROVISIONED);
        }
        if (answer instanceof Provisioned.Taken taken && taken.holder().isPresent()) {
            return takenByACustomer(lease, taken.holder().get(), taken.userId());
        }
        return refused(lease);
    }

    /**
     * Nobody signs in before the decision. A call that disables and has its effect late would undo an approval, so first the
     * row is kept from everybody for as long as one that is sent now can have any; without an answer it stays kept.
     */
    private Future<IdentityState> enabledEarly(
            Permit permit, IdentityProvider.User user, IdentityLease lease, String userId) {
        log.warn("Registration {}: its user was enabled before the decision", lease.customerId());
        Duration effect = permit.life();
        return identities
                .hold(pool, lease, effect)
                .compose(held -> held
                        ? provider.disable(permit, user, userId)
                                .recover(failure -> Future.failedFuture(waitingFor(effect, failure)))
                        : Future.failedFuture(new NotYetException(LEASE_LOST)))
                .compose(disabled -> record.provisioned(lease, userId).map(IdentityState.PROVISIONED));
    }

    private static Throwable waitingFor(Duration effect, Throwable failure) {
        return failure instanceof IdentityProviderException e
                ? new IdentityProviderException(e.reason(), e.getMessage(), effect)
                : failure;
    }

    private Future<IdentityState> refused(IdentityLease lease) {
        log.info("Registration {}: the identity provider refuses the user", lease.customerId());
        return record.refused(lease).map(IdentityState.REFUSED);
    }

    /**
     * The name can be claimed here only when nobody has it, so a user of another customer's is one that is being removed, or
     * one that a failed registration has left against all precautions. Neither may block the name for ever.
     */
    private Future<IdentityState> takenByACustomer(IdentityLease lease, UUID holder, String userId) {
        return identities
                .removeAgain(pool, holder, userId)
                .compose(again -> {
                    if (again) {
                        log.warn(
                                "The user {} was left by the failed registration {}; it is removed now",
                                userId,
                                holder);
                    }
                    return identities.stateOf(pool, holder);
                })
                .compose(state -> state.filter(FREED::contains).isPresent()
                        ? Future.failedFuture(new NotYetException(NAME_IS_BEING_FREED))
                        : refused(lease));
    }

    /** Approval is final: whatever is in the way, it is tried until it succeeds. */
    private Future<IdentityState> enabled(IdentityLease lease, Provisioned answer) {
        Failpoint.reached("identity-enabled");
        if (answer instanceof Provisioned.Done done) {
            return record.enabled(lease, done.userId()).map(IdentityState.ENABLED);
        }
        log.error(
                "Registration {} is approved, but its user is gone from the identity provider and cannot be made again: {}",
                lease.customerId(),
                answer.getClass().getSimpleName());
        return Future.failedFuture(new NotYetException(TAKEN_AFTER_APPROVAL));
    }
}
