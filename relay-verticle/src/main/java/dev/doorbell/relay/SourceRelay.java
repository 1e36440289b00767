package dev.doorbell.relay;

import dev.doorbell.service.Health;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relay of one source, on an event loop of its own: keeps one session to its database and leads, or stands by and
 * tries again every 250 ms. Whatever happens to it happens to it alone; it never fails its deployment.
 *
 * <p>A database that cannot be reached is tried again with growing pauses. One that must not be relayed as it is
 * (unmigrated, a sequence that caches, a cursor ahead of the sequence) is refused, and looked at again every few seconds.
 */
final class SourceRelay extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(SourceRelay.class);
    private static final long STANDBY_INTERVAL_MS = 250;
    private static final long REFUSED_INTERVAL_MS = 3_000;
    private static final long RETRY_MS_MIN = 200;
    private static final long RETRY_MS_MAX = 5_000;

    private final RelayConfig config;
    private final SourceConfig source;
    private final KafkaTopics topics;
    private final RelayMetrics metrics;
    private final Function<RelaySession, WriterWatch> watch;
    private final RetryDelay retryDelay = new RetryDelay(RETRY_MS_MIN, RETRY_MS_MAX);

    private WorkerExecutor worker;
    private RelaySession session;
    private Leader leader;
    private boolean connectedBefore;
    private boolean stopping;
    /** Read by the health check on another event loop. */
    private volatile Health.Check state = Health.Check.degraded("connecting");

    SourceRelay(
            RelayConfig config,
            SourceConfig source,
            KafkaTopics topics,
            RelayMetrics metrics,
            Function<RelaySession, WriterWatch> watch) {
        this.config = config;
        this.source = source;
        this.topics = topics;
        this.metrics = metrics;
        this.watch = watch;
    }

    /** Degraded at worst: a source that is down is no reason to restart the relay of the others. */
    Health.Check state() {
        return state;
    }

    @Override
    public Future<?> start() {
        metrics.leading(false);
        worker = vertx.createSharedWorkerExecutor("relay-publisher-" + source.name(), 1);
        connect();
        return Future.succeededFuture();
    }

    private void connect() {
        if (stopping) {
            return;
        }
        RelaySession.open(vertx, source, "doorbell-relay", config.sessionTimeoutMs())
                .onFailure(error -> retry("unreachable", error))
                .onSuccess(this::opened);
    }

    private void opened(RelaySession opened) {
        if (stopping) {
            opened.close();
            return;
        }
        if (connectedBefore) {
            metrics.reconnects.increment();
        }
        connectedBefore = true;
        session = opened;
        opened.handlers(this::ring, () -> lost(opened, new IllegalStateException("the session was closed")));
        opened.schema().onComplete(schema -> {
            if (schema.failed()) {
                lost(opened, schema.cause());
                return;
            }
            String refusal = schema.result().refusal(source);
            if (refusal != null) {
                lost(opened, new RefusedException(refusal));
            } else {
                tryLead(opened);
            }
        });
    }

    private void tryLead(RelaySession current) {
        if (current != session || stopping) {
            return;
        }
        current.tryLead().onComplete(result -> {
            if (result.failed()) {
                lost(current, result.cause());
            } else if (result.result()) {
                lead(current);
            } else {
                retryDelay.reset();
                report(Health.Check.UP, "standby");
                vertx.setTimer(STANDBY_INTERVAL_MS, timer -> tryLead(current));
            }
        });
    }

    private void lead(RelaySession current) {
        if (current != session || stopping) {
            return;
        }
        leader = new Leader(
                vertx,
                config,
                source,
                current,
                watch.apply(current),
                topics,
                worker,
                metrics,
                error -> lost(current, error),
                this::reportLeading);
        leader.start();
    }

    private void ring() {
        if (leader != null) {
            leader.ring();
        }
    }

    /** Ends what belongs to the session, and only then begins anew: two producers of ours must not overlap. */
    private void lost(RelaySession which, Throwable error) {
        if (which != session || stopping) {
            return;
        }
        session = null;
        which.close();
        Leader former = leader;
        leader = null;
        metrics.leading(false);
        Future<Void> ended = former == null ? Future.succeededFuture() : former.abandon();
        ended.onComplete(done -> retry("lost", error));
    }

    private void retry(String what, Throwable error) {
        boolean refused = error instanceof RefusedException;
        String reason = refused ? "refused: " + error.getMessage() : what + ": " + PublishFailure.describe(error);
        report(Health.Check.degraded(reason), reason);
        vertx.setTimer(refused ? REFUSED_INTERVAL_MS : retryDelay.nextMs(), timer -> connect());
    }

    private String reported = "";

    private void reportLeading(String kafkaProblem) {
        if (kafkaProblem == null) {
            retryDelay.reset();
            report(Health.Check.UP, "leading");
        } else {
            report(Health.Check.degraded("leading, Kafka fails: " + kafkaProblem), "leading, waits for Kafka");
        }
    }

    /** Logs changes alone: a source that is down for a day has not much new to say. */
    private void report(Health.Check check, String what) {
        state = check;
        if (!what.equals(reported)) {
            reported = what;
            if (what.startsWith("refused")) {
                log.error("source {} {}", source.name(), what);
            } else if (check.status() == Health.Status.UP) {
                log.info("source {} {}", source.name(), what);
            } else {
                log.warn("source {} {}", source.name(), what);
            }
        }
    }

    /** Finishes what is in flight, then closes the session, which releases the lock. */
    @Override
    public Future<?> stop() {
        stopping = true;
        RelaySession last = session;
        Future<Void> stopped = leader == null ? Future.succeededFuture() : leader.stop();
        return stopped.otherwiseEmpty()
                .compose(done -> last == null ? Future.succeededFuture() : last.close())
                .otherwiseEmpty()
                .eventually(() -> worker.close())
                .onComplete(done -> metrics.leading(false));
    }
}
