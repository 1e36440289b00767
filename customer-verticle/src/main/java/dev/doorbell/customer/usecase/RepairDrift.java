package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.IdentityOutcome;
import dev.doorbell.customer.domain.Registration;
import dev.doorbell.customer.domain.RegistrationStatus;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.customer.store.DriftStore;
import dev.doorbell.customer.store.IdentityRecord;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.UUID;

/**
 * Repairs by setting the row of work back, so that the workers do what they do for registrations: leased, repeated, and with
 * the same checks of whose user it is. Each answers false when the row is not as it was compared.
 */
final class RepairDrift {
    private final Pool pool;
    private final CustomerStore customers = new CustomerStore();
    private final DriftStore drift;

    RepairDrift(Pool pool, DriftStore drift) {
        this.pool = pool;
        this.drift = drift;
    }

    /** Missing, disabled, without its attribute: the step that ends a registration puts each right. */
    Future<Boolean> enableAgain(IdentityRecord compared) {
        return drift.enableAgain(pool, compared);
    }

    Future<Boolean> removeAgain(UUID customerId, String userId) {
        return drift.removeAgain(pool, customerId, userId);
    }

    /** Back to the first step, which takes an enabled user of ours for unfinished work. */
    Future<Boolean> disableAgain(IdentityRecord compared) {
        return pool.withTransaction(connection -> customers
                .lock(connection, compared.customerId())
                .compose(found -> found.filter(RepairDrift::awaitsPayment).isPresent()
                        ? drift.provisionAgain(connection, compared)
                        : Future.succeededFuture(false)));
    }

    private static boolean awaitsPayment(Registration registration) {
        return registration.status() == RegistrationStatus.REGISTRATION_PENDING
                && registration.identity() == IdentityOutcome.PROVISIONED
                && registration.payment() == null;
    }
}
