package dev.doorbell.customer;

import dev.doorbell.customer.store.SagaWatchStore;
import dev.doorbell.customer.usecase.PendingRegistrations;
import dev.doorbell.service.Health.Check;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Duration;

/** A relay that lags degrades the service and no more: registrations are still accepted, that is what the outbox is for. */
final class CustomerHealth {
    private static final Duration RELAY_LAG_MAX = Duration.ofSeconds(10);

    private CustomerHealth() {}

    static Future<Check> relay(Pool pool, SagaWatchStore sagaWatch) {
        return sagaWatch
                .relayLag(pool)
                .map(behind -> behind.compareTo(RELAY_LAG_MAX) <= 0
                        ? Check.UP
                        : Check.degraded("has events to publish for " + behind.toSeconds() + " s"))
                .otherwise(Check.degraded("unknown while the database cannot be read"));
    }

    /** Registrations are refused then, but everything else is answered. */
    static Check admission(PendingRegistrations pending) {
        if (pending.isFull()) {
            return Check.degraded("refuses registrations, too many are pending"
                    + (pending.isUncounted() ? "; those that are settled are not seen, the count fails" : ""));
        }
        return pending.isUncounted() ? Check.degraded("pending registrations cannot be counted") : Check.UP;
    }
}
