package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.IdentityOutcome;
import dev.doorbell.customer.domain.NewCustomer;
import dev.doorbell.customer.domain.RegistrationStatus;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.outbox.Outbox;
import dev.doorbell.outbox.UuidV7;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.Optional;
import java.util.UUID;

/**
 * Step "create customer": the customer, the claim on the username and the event, in one transaction. The answer is
 * given only after its commit.
 */
public final class RegisterCustomer {
    /** How the attempt ended. */
    public sealed interface Result {
        /** Committed; the saga goes on by itself. */
        record Accepted(UUID id, String username, RegistrationStatus status) implements Result {}

        /** Somebody else has the name, or is just registering with it. */
        record UsernameTaken() implements Result {}
    }

    private final Pool pool;
    private final CustomerStore store;
    private final Outbox outbox;
    private final Optional<IdentityOutcome> initialIdentity;

    /** @param initialIdentity NOT_REQUIRED without an identity provider, empty when one is awaited */
    public RegisterCustomer(Pool pool, CustomerStore store, Outbox outbox, Optional<IdentityOutcome> initialIdentity) {
        this.pool = pool;
        this.store = store;
        this.outbox = outbox;
        this.initialIdentity = initialIdentity;
    }

    public Future<Result> register(NewCustomer customer) {
        UUID id = UuidV7.create();
        return pool.withTransaction(connection -> store.insert(connection, id, customer, initialIdentity)
                .compose(inserted -> inserted
                        ? outbox.append(connection, RegistrationEvents.pending(id, customer))
                                .map(accepted(id, customer))
                        : Future.succeededFuture(new Result.UsernameTaken())));
    }

    private static Result accepted(UUID id, NewCustomer customer) {
        return new Result.Accepted(id, customer.username().canonical(), RegistrationStatus.REGISTRATION_PENDING);
    }
}
