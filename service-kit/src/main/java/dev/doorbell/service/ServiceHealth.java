package dev.doorbell.service;

import dev.doorbell.outbox.EventConsumer;
import dev.doorbell.service.Health.Check;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When a service with a database and a consumer is ready: with a reachable, migrated database. Without Kafka it is
 * degraded: it still answers, and events wait. A consumer that refused to consume is down: waiting will not mend it, and
 * a service that does nothing must not look healthy. Use from one event loop.
 */
public final class ServiceHealth {
    private static final long KAFKA_TIMEOUT_MS = 2_000;
    private static final Duration STALLED_MAX = Duration.ofSeconds(15);

    private final Pool pool;
    private final EventConsumer consumer;
    private boolean migrated;
    private Future<Void> consuming = Future.future(never -> {});

    public ServiceHealth(Pool pool, EventConsumer consumer) {
        this.pool = pool;
        this.consumer = consumer;
    }

    /** Until this was called the service is down. */
    public void migrated() {
        migrated = true;
    }

    /** @param started what the consumer's start returned */
    public void consuming(Future<Void> started) {
        consuming = started;
    }

    /** The checks postgresql, kafka and consumer; more may be registered. */
    public Health checks() {
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
        return consumer.lag()
                .ends()
                .timeout(KAFKA_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .map(Check.UP)
                .otherwise(Check.degraded("does not answer; events wait"));
    }

    private Future<Check> consumer() {
        if (consuming.failed()) {
            return Future.succeededFuture(Check.down(Migrations.reason(consuming.cause())));
        }
        Duration stalled = consumer.stalledFor();
        if (stalled.compareTo(STALLED_MAX) > 0) {
            return Future.succeededFuture(
                    Check.degraded("has not got on for " + stalled.toSeconds() + " s, see the log"));
        }
        // Before the first event of the other side there is no topic, and nothing is missing.
        return Future.succeededFuture(
                consuming.succeeded() ? Check.UP : new Check(Health.Status.UP, "waits for its topics"));
    }
}
