package dev.doorbell.payment;

import dev.doorbell.messages.EventTypes;
import dev.doorbell.messages.Topics;
import dev.doorbell.outbox.ConsumerListener;
import dev.doorbell.outbox.EventConsumer;
import dev.doorbell.payment.api.PaymentRoutes;
import dev.doorbell.payment.domain.CardProcessor;
import dev.doorbell.payment.domain.TestCardProcessor;
import dev.doorbell.payment.messaging.CustomerEventHandlers;
import dev.doorbell.payment.usecase.AuthorizeFee;
import dev.doorbell.payment.usecase.FindPayments;
import dev.doorbell.payment.usecase.ReversePayment;
import dev.doorbell.service.ConsumerMetrics;
import dev.doorbell.service.Database;
import dev.doorbell.service.Health;
import dev.doorbell.service.HttpServers;
import dev.doorbell.service.OpenApiRoute;
import dev.doorbell.service.OperationsRoutes;
import dev.doorbell.service.ProblemHandler;
import dev.doorbell.service.ServiceHealth;
import dev.doorbell.service.token.Access;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the payment service: the one place where its parts are made and joined. */
public final class PaymentVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(PaymentVerticle.class);

    private final PaymentConfig config;
    private final PrometheusMeterRegistry metrics;
    private final Clock clock = Clock.systemUTC();
    private Pool pool;
    private EventConsumer consumer;
    private ServiceHealth health;
    private HttpServer server;
    private Access access;

    public PaymentVerticle(PaymentConfig config, PrometheusMeterRegistry metrics) {
        this.config = config;
        this.metrics = metrics;
    }

    /** HTTP listens first, not ready, so that an orchestrator sees a start that waits for its database. */
    @Override
    public Future<?> start() {
        pool = Database.pool(vertx, config.databaseUrl(), "payment-verticle", config.databasePoolSize());
        consumer = consumer(vertx, pool, config, new ConsumerMetrics(metrics, config.consumerGroup(), clock), clock);
        health = new ServiceHealth(pool, consumer);
        access = Access.of(vertx, config.tokens(), metrics);
        Health checks = health.checks();
        access.check(checks);
        access.start();
        return HttpServers.listen(vertx, router(vertx, pool, access, checks, metrics), config.httpPort())
                .onSuccess(listening -> server = listening)
                .compose(listening -> Database.awaitMigrated(
                        vertx, config.databaseUrl(), PaymentMain.MIGRATIONS, "payment-verticle.jar"))
                .onSuccess(ready -> {
                    health.migrated();
                    // Not awaited: without Kafka the service still answers for the payments that it has.
                    health.consuming(consumer.start());
                    log.info("payment-verticle is ready on port {}", server.actualPort());
                });
    }

    /** First nothing new comes in, then what is in work ends, then the connections close. */
    @Override
    public Future<?> stop() {
        return (server == null ? Future.succeededFuture() : HttpServers.stop(server))
                .onComplete(stopped -> access.stop())
                .transform(stopped -> consumer.stop())
                .transform(stopped -> pool.close());
    }

    /** The port that HTTP listens on, known once the verticle is deployed. */
    public int httpPort() {
        return server.actualPort();
    }

    /** Every route of the service; a test compares them with the contract. */
    static Router router(Vertx vertx, Pool pool, Access access, Health health, PrometheusMeterRegistry metrics) {
        Router router = Router.router(vertx);
        ProblemHandler.mount(router);
        new PaymentRoutes(new FindPayments(pool), access).mount(router);
        OpenApiRoute.mount(router, "/payment-openapi.yaml");
        OperationsRoutes.mount(vertx, router, health, metrics);
        return router;
    }

    /** The consumer with its handlers; the command that replays dead letters uses it too. */
    static EventConsumer consumer(
            Vertx vertx, Pool pool, PaymentConfig config, ConsumerListener listener, Clock clock) {
        CardProcessor processor = new TestCardProcessor(clock);
        CustomerEventHandlers handlers = new CustomerEventHandlers(
                new AuthorizeFee(processor, config.fee(), config.payee(), clock), new ReversePayment(processor));
        return EventConsumer.builder(vertx, pool)
                .bootstrapServers(config.kafkaBootstrapServers())
                .group(config.consumerGroup())
                .topics(Topics.CUSTOMER)
                .handler(EventTypes.CUSTOMER_PENDING_REGISTRATION, handlers::pendingRegistration)
                .handler(EventTypes.CUSTOMER_NOT_REGISTERED, handlers::notRegistered)
                .handler(EventTypes.CUSTOMER_REGISTRATION_DEAD_LOCK, handlers::registrationDeadLock)
                // What a handler touches belongs to one customer, whose id is the key.
                .pipelined()
                .inboxRetention(config.inboxRetention())
                .listener(listener)
                .build();
    }
}
