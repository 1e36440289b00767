package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.Customer;
import dev.doorbell.customer.domain.CustomerChange;
import dev.doorbell.customer.domain.RegistrationStatus;
import dev.doorbell.customer.store.CustomerStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Changes a customer, if it is still as the client has seen it. One statement asks for the version and changes it, so of two
 * who change one customer at once one wins. A pending registration is locked: nothing but the saga changes it.
 */
public final class ChangeCustomer {
    /** What came of it. */
    public sealed interface Result {
        record Changed(Customer customer) implements Result {}

        record NotFound() implements Result {}

        /** The registration is pending, or has failed. */
        record NotRegistered(RegistrationStatus status) implements Result {}

        /** The customer has another version. */
        record Stale() implements Result {}
    }

    private final Pool pool;
    private final CustomerStore store;

    public ChangeCustomer(Pool pool, CustomerStore store) {
        this.pool = pool;
        this.store = store;
    }

    /** @param versions one of which the customer must be in, or empty for any */
    public Future<Result> change(UUID id, CustomerChange change, Optional<Set<Long>> versions) {
        return store.change(pool, id, change, versions)
                .compose(changed -> changed.isPresent()
                        ? Future.succeededFuture(new Result.Changed(changed.get()))
                        : store.find(pool, id).map(ChangeCustomer::whyNot));
    }

    private static Result whyNot(Optional<Customer> found) {
        if (found.isEmpty()) {
            return new Result.NotFound();
        }
        RegistrationStatus status = found.get().status();
        return status == RegistrationStatus.REGISTRATION_SUCCESS
                ? new Result.Stale()
                : new Result.NotRegistered(status);
    }
}
