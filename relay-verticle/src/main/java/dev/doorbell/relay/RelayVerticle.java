package dev.doorbell.relay;

import dev.doorbell.service.Health;
import dev.doorbell.service.HttpServers;
import dev.doorbell.service.OperationsRoutes;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The relay process: health and metrics over HTTP, and a {@link SourceRelay} for every source. */
public final class RelayVerticle extends AbstractVerticle {
    private static final Logger log = LoggerFactory.getLogger(RelayVerticle.class);

    private final RelayConfig config;
    private final PrometheusMeterRegistry metrics;
    private final KafkaTopics topics;
    private final Function<RelaySession, WriterWatch> watch;
    private volatile int httpPort;

    public RelayVerticle(RelayConfig config, PrometheusMeterRegistry metrics) {
        this(config, metrics, session -> session);
    }

    /** @param watch for tests, which show that others lose rows */
    RelayVerticle(RelayConfig config, PrometheusMeterRegistry metrics, Function<RelaySession, WriterWatch> watch) {
        this.config = config;
        this.metrics = metrics;
        this.topics = new KafkaTopics(config);
        this.watch = watch;
    }

    /** The port listened on, also when a free one was asked for. */
    public int httpPort() {
        return httpPort;
    }

    /** Completes when HTTP listens; sources are waited for by nobody, they report through health. */
    @Override
    public void start(Promise<Void> started) {
        Health health = new Health();
        KafkaHealth kafka = new KafkaHealth(vertx, topics);
        health.register("kafka", kafka::check);
        for (SourceConfig source : config.sources()) {
            SourceRelay relay =
                    new SourceRelay(config, source, topics, new RelayMetrics(metrics, source.name()), watch);
            health.register("source " + source.name(), () -> Future.succeededFuture(relay.state()));
            vertx.deployVerticle(relay);
        }
        Router router = Router.router(vertx);
        OperationsRoutes.mount(vertx, router, health, metrics);
        HttpServers.listen(vertx, router, config.httpPort())
                .map(this::listening)
                .onComplete(started);
    }

    private Void listening(HttpServer server) {
        httpPort = server.actualPort();
        log.info("relay-verticle serves health and metrics on port {}", httpPort);
        return null;
    }

    @Override
    public void stop(Promise<Void> stopped) {
        // The sources were undeployed before, as children of this one.
        vertx.<Void>executeBlocking(() -> {
                    topics.close();
                    return null;
                })
                .onComplete(stopped);
    }
}
