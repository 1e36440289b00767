package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.IdentityOutcome;
import dev.doorbell.customer.domain.IdentityState;
import dev.doorbell.customer.domain.Registration;
import dev.doorbell.customer.domain.RegistrationStatus;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.customer.store.IdentityStore;
import dev.doorbell.outbox.Outbox;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/**
 * Steps "approve registration" and "reject registration": makes a decided transition and appends its events, both or
 * neither. A rejection begins the step "remove identity" in the same transaction, and an approval has the user enabled.
 */
final class SettleRegistration {
    private final CustomerStore store;
    private final IdentityStore identities = new IdentityStore();
    private final Outbox outbox;

    SettleRegistration(CustomerStore store, Outbox outbox) {
        this.store = store;
        this.outbox = outbox;
    }

    /**
     * What the replies that are in demand: an end, or a user that is to be enabled, or nothing yet.
     *
     * @param registration locked in this transaction, with the reply that has just been recorded
     * @param refusal the reason of a negative payment reply, null without one
     */
    Future<Void> afterReply(SqlConnection connection, Registration registration, String refusal, String traceparent) {
        if (registration.isApproved()) {
            return identities
                    .advance(connection, registration.id(), IdentityState.PROVISIONED, IdentityState.ENABLING)
                    .compose(advanced -> advanced ? Future.succeededFuture() : lost(registration));
        }
        Optional<Registration.Decision> decision = registration.decide(refusal);
        return decision.isEmpty()
                ? Future.succeededFuture()
                : settle(connection, registration, decision.get(), traceparent);
    }

    /** @param registration locked in this transaction */
    Future<Void> settle(
            SqlConnection connection, Registration registration, Registration.Decision decision, String traceparent) {
        boolean fails = decision.transition().to() == RegistrationStatus.REGISTRATION_FAILED;
        Future<Boolean> nothingLeft = fails && registration.identity() != IdentityOutcome.NOT_REQUIRED
                ? identities.reject(connection, registration.id())
                : Future.succeededFuture(true);
        return nothingLeft
                .compose(released -> store.settle(connection, registration.id(), decision, released))
                .compose(settled -> settled
                        ? outbox.append(connection, RegistrationEvents.of(registration, decision, traceparent))
                        : lost(registration));
    }

    private static Future<Void> lost(Registration registration) {
        return Future.failedFuture(
                new IllegalStateException("A locked registration changed under its lock. " + registration.id()));
    }
}
