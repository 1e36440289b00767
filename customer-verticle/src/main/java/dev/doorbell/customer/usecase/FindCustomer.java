package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.Customer;
import dev.doorbell.customer.domain.RegistrationView;
import dev.doorbell.customer.store.CustomerStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads a customer, or the registration behind the same id. */
public final class FindCustomer {
    private final Pool pool;
    private final CustomerStore store;

    public FindCustomer(Pool pool, CustomerStore store) {
        this.pool = pool;
        this.store = store;
    }

    public Future<Optional<Customer>> customer(UUID id) {
        return store.find(pool, id);
    }

    public Future<Optional<RegistrationView>> registration(UUID id) {
        return store.findRegistrations(pool, List.of(id))
                .map(found -> found.stream().findFirst());
    }
}
