package dev.doorbell.customer;

import dev.doorbell.customer.api.CustomerRoutes;
import dev.doorbell.customer.api.PasswordRoutes;
import dev.doorbell.customer.api.RegistrationRoutes;
import dev.doorbell.customer.messaging.IdentityRequests;
import dev.doorbell.customer.messaging.PaymentReplies;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.customer.store.IdentityStore;
import dev.doorbell.customer.store.SagaWatchStore;
import dev.doorbell.customer.usecase.ChangeCustomer;
import dev.doorbell.customer.usecase.DecideRegistration;
import dev.doorbell.customer.usecase.DetectDeadlocks;
import dev.doorbell.customer.usecase.FindCustomer;
import dev.doorbell.customer.usecase.PendingRegistrations;
import dev.doorbell.customer.usecase.RegisterCustomer;
import dev.doorbell.customer.usecase.RegistrationListener;
import dev.doorbell.customer.usecase.RejectOverdueRegistrations;
import dev.doorbell.customer.usecase.RequestIdentity;
import dev.doorbell.customer.usecase.WatchRegistrations;
import dev.doorbell.messages.Topics;
import dev.doorbell.outbox.ConsumerListener;
import dev.doorbell.outbox.EventConsumer;
import dev.doorbell.outbox.EventConsumerBuilder;
import dev.doorbell.outbox.Outbox;
import dev.doorbell.service.ConsumerMetrics;
import dev.doorbell.service.Database;
import dev.doorbell.service.Health;
import dev.doorbell.service.HttpServers;
import dev.doorbell.service.OpenApiRoute;
import dev.doorbell.service.OperationsRoutes;
import dev.doorbell.service.ProblemHandler;
import dev.doorbell.service.ServiceHealth;
import dev.doorbell.service.token.Access;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the customer service: the one place where its parts are made and joined. */
public final class CustomerVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(CustomerVerticle.class);

    /** More do not help: they only make the batches smaller. */
    private static final int REGISTRATION_BATCHES_MAX = 4;
    /** Longer than a commit of another instance takes, short enough for those who wait in the same batch. */
    private static final Duration REGISTRATION_LOCK_TIMEOUT = Duration.ofMillis(500);

    /** As long as other requests wait for a connection. */
    private static final Duration REGISTRATION_WAIT_MAX = Duration.ofSeconds(5);

    private final CustomerConfig config;
    private final PrometheusMeterRegistry metrics;
    private final CustomerStore store = new CustomerStore();
    private final SagaWatchStore sagaWatch = new SagaWatchStore();
    private final Outbox outbox = new Outbox();
    private Pool pool;
    private Pool consumerPool;
    private RegistrationRoutes registrations;
    private HttpServer server;
    private EventConsumer consumer;
    private DetectDeadlocks detector;
    private ServiceHealth health;
    private PendingRegistrations pending;
    private Identities identities;
    private Access access;

    public CustomerVerticle(CustomerConfig config, PrometheusMeterRegistry metrics) {
        this.config = config;
        this.metrics = metrics;
    }

    /** HTTP listens first, not ready, so that an orchestrator sees a start that waits for its database. */
    @Override
    public Future<?> start() {
        // A pool of its own, so that a burst of requests cannot starve the replies, nor the other way about. A limit of
        // one connection leaves nothing to divide.
        int consumerConnections = Math.max(1, config.databasePoolSize() * 2 / 5);
        int connections = Math.max(1, config.databasePoolSize() - consumerConnections);
        pool = Database.pool(vertx, config.databaseUrl(), "customer-verticle", connections);
        consumerPool = config.databasePoolSize() == 1
                ? pool
                : Database.pool(vertx, config.databaseUrl(), "customer-verticle-consumer", consumerConnections);
        identities = new Identities(vertx, consumerPool, config, metrics);
        access = Access.of(vertx, config.identity().map(IdentityConfig::tokens), metrics);
        access.start();
        consumer = consumer(
                vertx,
                consumerPool,
                config,
                identities.listening(new ConsumerMetrics(metrics, config.consumerGroup(), Clock.systemUTC())));
        detector = detector();
        health = new ServiceHealth(pool, consumer);
        pending = new PendingRegistrations(vertx, pool, store, config.admissionPendingMax());
        // No more than half, so that reads are not held up behind batches.
        int batchesMax = Math.max(1, Math.min(REGISTRATION_BATCHES_MAX, connections / 2));
        RegisterCustomer register = new RegisterCustomer(
                vertx,
                pool,
                store,
                identities.initialOutcome(),
                pending,
                new RegisterCustomer.Batching(
                        batchesMax, REGISTRATION_LOCK_TIMEOUT, REGISTRATION_WAIT_MAX, registrationMetrics()));
        return HttpServers.listen(vertx, router(register), config.httpPort())
                .onSuccess(listening -> server = listening)
                .compose(listening -> Database.awaitMigrated(
                        vertx, config.databaseUrl(), CustomerMain.MIGRATIONS, "customer-verticle.jar"))
                .onSuccess(ready -> {
                    health.migrated();
                    // Not awaited: without Kafka the service still accepts registrations.
                    health.consuming(consumer.start());
                    detector.start();
                    pending.start();
                    identities.start();
                    log.info("customer-verticle is ready on port {}", server.actualPort());
                });
    }

    /** First nothing new comes in, then what is in work ends, then the connections close. */
    @Override
    public Future<?> stop() {
        if (registrations != null) {
            registrations.close();
        }
        pending.stop();
        return Future.join(
                        detector.stop(),
                        identities.stop(),
                        server == null ? Future.succeededFuture() : HttpServers.stop(server))
                .transform(stopped -> consumer.stop())
                .onComplete(stopped -> access.stop())
                .transform(stopped -> Future.join(pool.close(), consumerPool.close()));
    }

    /** The port that HTTP listens on, known once the verticle is deployed. */
    public int httpPort() {
        return server.actualPort();
    }

    private Router router(RegisterCustomer register) {
        FindCustomer find = new FindCustomer(pool, store);
        WatchRegistrations watch = new WatchRegistrations(vertx, pool, store);
        Gauge.builder("doorbell.registration.watchers", watch, WatchRegistrations::count)
                .description("clients that follow a registration by server-sent events")
                .register(metrics);
        registrations = new RegistrationRoutes(vertx, find, watch);
        Health checks = health.checks().register("relay", () -> CustomerHealth.relay(pool, sagaWatch));
        identities.check(checks);
        access.check(checks);
        checks.register("admission", () -> Future.succeededFuture(CustomerHealth.admission(pending)));
        return router(
                vertx,
                new CustomerRoutes(register, find, new ChangeCustomer(pool, store), access, identities.secrets()),
                registrations,
                new PasswordRoutes(identities.setPassword(pool)),
                checks,
                metrics);
    }

    /** Every route of the service; a test compares them with the contract. */
    static Router router(
            Vertx vertx,
            CustomerRoutes customers,
            RegistrationRoutes registrations,
            PasswordRoutes passwords,
            Health health,
            PrometheusMeterRegistry metrics) {
        Router router = Router.router(vertx);
        ProblemHandler.mount(router);
        customers.mount(router);
        registrations.mount(router);
        passwords.mount(router);
        OpenApiRoute.mount(router, "/customer-openapi.yaml");
        OperationsRoutes.mount(vertx, router, health, metrics);
        return router;
    }

    /** The consumer with its handlers; the command that replays dead letters uses it too. */
    static EventConsumer consumer(Vertx vertx, Pool pool, CustomerConfig config, ConsumerListener listener) {
        EventConsumerBuilder builder = EventConsumer.builder(vertx, pool)
                .bootstrapServers(config.kafkaBootstrapServers())
                .group(config.consumerGroup())
                .topics(Topics.PAYMENT)
                // The key is the payment's id, of which a customer has one; what a handler touches is the customer's.
                .pipelined()
                .inboxRetention(config.inboxRetention())
                .listener(listener);
        new PaymentReplies(new DecideRegistration(new CustomerStore(), new Outbox()))
                .handlers()
                .forEach(builder::handler);
        if (config.identity().isPresent()) {
            // By the event and not in the registration's transaction, which is on the path of every request.
            builder.topics(Topics.CUSTOMER);
            new IdentityRequests(new RequestIdentity(new IdentityStore()))
                    .handlers()
                    .forEach(builder::handler);
        }
        return builder.build();
    }

    private RegistrationListener registrationMetrics() {
        DistributionSummary rows = DistributionSummary.builder("doorbell.registration.batch.rows")
                .description("registrations of one transaction")
                .register(metrics);
        Counter repeated = Counter.builder("doorbell.registration.batches.repeated")
                .description("batches that PostgreSQL refused and whose registrations went one by one")
                .register(metrics);
        Gauge.builder("doorbell.registrations.pending", pending, PendingRegistrations::atMost)
                .description("registrations that wait for their end, at most; up to ADMISSION_PENDING_MAX")
                .register(metrics);
        return new RegistrationListener() {
            @Override
            public void committed(int count) {
                rows.record(count);
            }

            @Override
            public void repeated(int count) {
                repeated.increment();
            }
        };
    }

    private DetectDeadlocks detector() {
        Counter rejected = Counter.builder("doorbell.registrations.deadlocked")
                .description("registrations rejected because a reply did not come in time")
                .register(metrics);
        return new DetectDeadlocks(
                vertx,
                consumerPool,
                sagaWatch,
                consumer.lag(),
                new RejectOverdueRegistrations(consumerPool, store, outbox, config.deadlockAfter()),
                config.deadlockCheckInterval(),
                rejected::increment);
    }
}
