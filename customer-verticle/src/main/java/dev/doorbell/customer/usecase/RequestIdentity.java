package dev.doorbell.customer.usecase;

import dev.doorbell.customer.store.IdentityStore;
import dev.doorbell.outbox.PoisonEventException;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.UUID;

/** Begins the step "provision identity": writes the request down, in the transaction of the event that asks for it. */
public final class RequestIdentity {
    private final IdentityStore identities;

    public RequestIdentity(IdentityStore identities) {
        this.identities = identities;
    }

    /** @return fails with {@link PoisonEventException} for a customer that does not exist */
    public Future<Void> request(SqlConnection connection, UUID customerId, String traceparent) {
        return identities
                .request(connection, customerId, traceparent)
                .compose(known -> known
                        ? Future.succeededFuture()
                        : Future.failedFuture(new PoisonEventException("There is no customer " + customerId + ".")));
    }
}
