package dev.doorbell.customer;

import dev.doorbell.customer.store.SagaWatchStore;
import dev.doorbell.outbox.ConsumerLag;
import dev.doorbell.service.Health;
import dev.doorbell.service.Health.Check;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * When the service is ready: with a reachable, migrated database. Kafka down or a relay that lags only degrades it,
 * since registrations are still accepted; that is what the outbox is for.
 */
final class CustomerHealth {
    private static final Duration RELAY_LAG_MAX = Duration.ofSeconds(10);

    private static final long KAFKA_ANSWER_MS_MAX = 2_000;

    private CustomerHealth() {}

    static Health of(BooleanSupplier migrated, Pool pool, SagaWatchStore sagaWatch, ConsumerLag lag) {
        return new Health()
                .register("postgresql", () -> postgresql(migrated, pool))
                .register("kafka", () -> kafka(lag))
                .register("relay", () -> relay(migrated, pool, sagaWatch));
    }

    private static Future<Check> postgresql(BooleanSupplier migrated, Pool pool) {
        if (!migrated.getAsBoolean()) {
            return Future.succeededFuture(Check.down("waits for the database"));
        }
        return pool.query("SELECT 1").execute().map(Check.UP).otherwise(Check.down("cannot be reached"));
    }

    private static Future<Check> kafka(ConsumerLag lag) {
        // Sooner than the report gives up on a check, which would call it down.
        return lag.ends()
                .timeout(KAFKA_ANSWER_MS_MAX, TimeUnit.MILLISECONDS)
                .map(Check.UP)
                .otherwise(Check.degraded("does not answer; events wait in the outbox"));
    }

    private static Future<Check> relay(BooleanSupplier migrated, Pool pool, SagaWatchStore sagaWatch) {
        if (!migrated.getAsBoolean()) {
            return Future.succeededFuture(Check.UP);
        }
        return sagaWatch
                .relayLag(pool)
                .map(behind -> behind.compareTo(RELAY_LAG_MAX) <= 0
                        ? Check.UP
                        : Check.degraded("has events to publish for " + behind.toSeconds() + " s"))
                .otherwise(Check.degraded("unknown while the database cannot be reached"));
    }
}
