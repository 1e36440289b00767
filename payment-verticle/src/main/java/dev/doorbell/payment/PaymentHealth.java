package dev.doorbell.payment;

import dev.doorbell.outbox.ConsumerLag;
import dev.doorbell.service.Health;
import dev.doorbell.service.Health.Check;
import dev.doorbell.service.Migrations;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.concurrent.TimeUnit;

/**
 * When the service is ready: with a reachable, migrated database. Without Kafka it is degraded: it still answers for
 * the payments it has, and events wait. A consumer that refused to consume is down: waiting will not mend it, and a
 * service that does nothing must not look healthy.
 */
final class PaymentHealth {
    private static final long KAFKA_TIMEOUT_MS = 2_000;

    private final Pool pool;
    private final ConsumerLag lag;
    private boolean migrated;
    private Future<Void> consuming = Future.future(never -> {});

    PaymentHealth(Pool pool, ConsumerLag lag) {
        this.pool = pool;
        this.lag = lag;
    }

    void migrated() {
        migrated = true;
    }

    /** @param started what the consumer's start returned */
    void consuming(Future<Void> started) {
        consuming = started;
    }

    Health checks() {
        return new Health()
                .register("postgresql", this::postgresql)
                .register("kafka", this::kafka)
                .register("consumer", this::consumer);
    }

    private Future<Check> postgresql() {
        if (!migrated) {
            return Future.succeededFuture(Check.down("waits for the database"));
        }
        return pool.query("SELECT 1").execute().map(Check.UP).otherwise(Check.down("cannot be reached"));
    }

    private Future<Check> kafka() {
        // Kafka's client does not fail while it cannot connect, it waits; a check that waits for too long is down.
        return lag.ends()
                .timeout(KAFKA_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .map(Check.UP)
                .otherwise(Check.degraded("does not answer; events wait"));
    }

    private Future<Check> consumer() {
        if (consuming.failed()) {
            return Future.succeededFuture(Check.down(Migrations.reason(consuming.cause())));
        }
        boolean begun = consuming.succeeded();
        return Future.succeededFuture(begun ? Check.UP : Check.degraded("waits for Kafka and the customers' topic"));
    }
}
