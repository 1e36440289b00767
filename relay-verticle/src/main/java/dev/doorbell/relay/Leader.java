package dev.doorbell.relay;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A term of leadership, on the session that holds the lock: LISTEN, load the cursor, take AWAKE, drain; the
 * {@link Doorbell} says when to read and when to sleep. When Kafka fails it keeps the session, and with it the
 * leadership, and starts a new {@link Drain} from the stored cursor after a pause; when the session fails the term is
 * over. Runs on one event loop.
 */
final class Leader implements Drain.Listener {
    private static final Logger log = LoggerFactory.getLogger(Leader.class);
    private static final long GAP_LOOK_MS = 250;
    /** A sleeping relay asks the database for nothing more often than once a second. */
    private static final long GAP_LOOK_ASLEEP_MS = 1_000;
    /** Heartbeats in a session's time-out: they are what keeps the session while Kafka is down. */
    private static final int HEARTBEATS_PER_TIMEOUT = 4;

    private static final long STOP_TIMEOUT_MS = 10_000;
    private static final long CLOSE_TIMEOUT_MS = 8_000;
    private static final long RETRY_MS_MIN = 200;
    private static final long RETRY_MS_MAX = 5_000;

    private final Vertx vertx;
    private final RelayConfig config;
    private final SourceConfig source;
    private final RelaySession session;
    private final WriterWatch writers;
    private final KafkaTopics topics;
    private final WorkerExecutor worker;
    private final ProducerFactory producers;
    private final RelayMetrics metrics;
    private final int heartbeatMs;
    /** 0 when polls have a timer of their own, because they are more frequent. */
    private final int heartbeatsPerPoll;

    private final Consumer<Throwable> onSessionFailure;
    private final Consumer<String> onKafkaState;
    private final RetryDelay retryDelay = new RetryDelay(RETRY_MS_MIN, RETRY_MS_MAX);
    private final UnpublishableRows unpublishable;
    private final List<Long> timers = new ArrayList<>();
    private final UntilEnded work = new UntilEnded(this::sessionFailed);
    private final CursorWriter cursor;
    private final Doorbell doorbell;

    private Future<String> retention = Future.failedFuture("not deployed");
    private Drain drain;
    private Publisher publisher;
    private boolean begun;
    private boolean stopping;
    private boolean gapLookAwaited;
    private long heartbeats;

    /**
     * @param onSessionFailure called when the term cannot go on, {@link RefusedException} when it must not
     * @param onKafkaState called with what is wrong with Kafka, null when the term has begun and when events flow again
     */
    Leader(
            Vertx vertx,
            RelayConfig config,
            SourceConfig source,
            RelaySession session,
            WriterWatch writers,
            KafkaTopics topics,
            WorkerExecutor worker,
            RelayMetrics metrics,
            Consumer<Throwable> onSessionFailure,
            Consumer<String> onKafkaState) {
        this.vertx = vertx;
        this.config = config;
        this.source = source;
        this.session = session;
        this.writers = writers;
        this.topics = topics;
        this.worker = worker;
        this.producers = new ProducerFactory(config, source.name());
        this.metrics = metrics;
        this.heartbeatMs = config.sessionTimeoutMs() / HEARTBEATS_PER_TIMEOUT;
        this.heartbeatsPerPoll = config.fallbackPollMs() / heartbeatMs;
        this.unpublishable = new UnpublishableRows(config.recordBytesMax());
        this.onSessionFailure = onSessionFailure;
        this.onKafkaState = onKafkaState;
        this.cursor = new CursorWriter(vertx, session, work);
        // Falling asleep it does not leave the cursor to the timer: it has nothing else to do.
        this.doorbell = new Doorbell(vertx, config, session, writers, metrics, work, cursor::writeNow);
    }

    /** LISTEN comes before the first read: a relay that sleeps before it listens would hear nobody. */
    void start() {
        if (heartbeatsPerPoll == 0) {
            every(config.fallbackPollMs(), this::poll);
        }
        every(heartbeatMs, this::heartbeat);
        retention = vertx.deployVerticle(new Retention(config, source, metrics));
        work.run(session.listen(), listening -> beginDrain());
    }

    /** A notification. */
    void ring() {
        doorbell.ring();
    }

    /** As long as there are open gaps: of many sources few have any, and a timer for each costs more than their looks. */
    private void lookAtGapsSoon() {
        if (!gapLookAwaited && drain != null && drain.hasOpenGaps()) {
            gapLookAwaited = true;
            vertx.setTimer(doorbell.asleep() ? GAP_LOOK_ASLEEP_MS : GAP_LOOK_MS, timer -> {
                gapLookAwaited = false;
                whileDraining(Drain::lookAtGaps);
                lookAtGapsSoon();
            });
        }
    }

    /** For rows that nobody rang for. */
    private void poll() {
        if (doorbell.asleep()) {
            metrics.pollsAsleep.increment();
        }
        whileDraining(Drain::ring);
    }

    private void beginDrain() {
        work.run(StoredState.load(session, source), state -> {
            publisher = new Publisher(vertx, worker, topics, producers, this::publishFailed);
            drain = new Drain(
                    config,
                    source,
                    session,
                    writers,
                    metrics,
                    state.cursor(),
                    state.parked(),
                    unpublishable,
                    publisher,
                    this);
            cursor.attach(drain, state.cursor());
            doorbell.attach(drain);
            drain.ring();
            // Only now: before the cursor was found to be usable it was no leadership that anybody should rely on.
            if (!begun) {
                begun = true;
                metrics.leading(true);
                onKafkaState.accept(null);
            }
            heartbeat();
        });
    }

    /**
     * Keeps the session from being ended as idle, measures the backlog and notices a sequence that was set back. It counts
     * what waits, so that a fallback poll that is no more frequent need not ask again.
     */
    private void heartbeat() {
        heartbeats++;
        boolean polls = heartbeatsPerPoll > 0 && heartbeats % heartbeatsPerPoll == 0;
        if (polls && doorbell.asleep()) {
            metrics.pollsAsleep.increment();
        }
        whileDraining(Drain::lookIntoDeadGaps);
        whileDraining(Drain::refreshParkedKeys);
        long publishedThrough = drain != null ? drain.publishedThrough() : cursor.publishedThrough();
        work.run(session.backlog(publishedThrough), backlog -> {
            metrics.lag(backlog.waiting(), backlog.oldestSeconds());
            if (drain != null) {
                StoredState.refuseCursorAhead(source, drain.readThrough(), backlog.lastSeq());
                if (polls && backlog.waiting() > 0) {
                    drain.ring();
                }
            }
        });
    }

    @Override
    public void progressed() {
        retryDelay.reset();
        onKafkaState.accept(null);
        cursor.writeSoon();
    }

    @Override
    public void readDone(long number, int rows) {
        doorbell.readDone(number, rows);
        lookAtGapsSoon();
    }

    private void publishFailed(PublishFailure failure) {
        if (work.ended()) {
            return;
        }
        metrics.publishFailures.increment();
        metrics.batchesInFlight.set(0);
        if (stopping) {
            drain.end();
            return;
        }
        Drain failed = drain;
        drain = null;
        publisher = null;
        failed.end();
        doorbell.detach();
        cursor.detach();
        unpublishable.remember(failure.unpublishable());
        // With a row that Kafka refuses there is nothing to wait for: the next drain dead-letters it.
        long delayMs = failure.unpublishable().isEmpty() ? retryDelay.nextMs() : 1;
        log.warn(
                "source {}: publishing failed, begins again from the cursor in {} ms: {}",
                source.name(),
                delayMs,
                failure.getMessage());
        if (failure.unpublishable().isEmpty()) {
            onKafkaState.accept(failure.getMessage());
        }
        // What Kafka has acknowledged so far need not be repeated.
        work.run(
                cursor.write(failed),
                done -> vertx.setTimer(delayMs, timer -> {
                    if (!work.ended()) {
                        beginDrain();
                    }
                }));
    }

    /** Waits, for a bounded time, for what is in flight, writes the cursor and closes the producer. */
    Future<Void> stop() {
        stopping = true;
        stopRetention();
        if (drain == null) {
            end();
            return Future.succeededFuture();
        }
        Drain last = drain;
        Future<Void> drained = last.stop().timeout(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        return drained.onFailure(error -> log.warn("source {}: Kafka did not acknowledge all in time", source.name()))
                .otherwiseEmpty()
                .compose(done -> cursor.write(last))
                .onComplete(done -> end())
                .eventually(() -> closePublisher(drained.succeeded()));
    }

    /** Before the session is closed: while something may still reach Kafka the leadership must be ours. */
    private Future<Void> closePublisher(boolean idle) {
        Future<Void> closed = idle ? publisher.close() : publisher.abandon();
        return closed.timeout(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    /** The session is gone: nothing of this term may reach Kafka any more. */
    Future<Void> abandon() {
        end();
        return publisher == null ? Future.succeededFuture() : publisher.abandon();
    }

    private void end() {
        stopRetention();
        timers.forEach(vertx::cancelTimer);
        work.end();
        if (drain != null) {
            drain.end();
        }
    }

    private void stopRetention() {
        retention.onSuccess(vertx::undeploy);
        retention = Future.failedFuture("stopped");
    }

    @Override
    public void sessionFailed(Throwable error) {
        if (!work.ended()) {
            onSessionFailure.accept(error);
        }
    }

    private void every(long intervalMs, Runnable action) {
        timers.add(vertx.setPeriodic(intervalMs, timer -> action.run()));
    }

    private void whileDraining(Consumer<Drain> action) {
        if (drain != null && !work.ended()) {
            action.accept(drain);
        }
    }
}
