package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.Registration;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.outbox.Outbox;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/**
 * Steps "approve registration" and "reject registration": makes a decided transition and appends its events, both or
 * neither.
 */
final class SettleRegistration {
    private final CustomerStore store;
    private final Outbox outbox;

    SettleRegistration(CustomerStore store, Outbox outbox) {
        this.store = store;
        this.outbox = outbox;
    }

    /** @param registration locked in this transaction */
    Future<Void> settle(
            SqlConnection connection, Registration registration, Registration.Decision decision, String traceparent) {
        return store.settle(connection, registration.id(), decision)
                .compose(settled -> settled
                        ? outbox.append(connection, RegistrationEvents.of(registration, decision, traceparent))
                        : Future.failedFuture(
                                new IllegalStateException("A locked registration changed under its lock.")));
    }
}
