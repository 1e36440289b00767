package dev.doorbell.relay;

import dev.doorbell.relay.OutboundEvent.ParkedKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
    static final String TOO_MANY_PARKED = "more than " + RelaySession.PARKED_KEYS_MAX
            + " keys are parked; replay or discard dead letters of consumer 'relay'";

    private static final Logger log = LoggerFactory.getLogger(Leader.class);
    private static final long CURSOR_INTERVAL_MS = 100;
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
    private final Doorbell doorbell;

    private Future<String> retention = Future.failedFuture("not deployed");
    private Drain drain;
    private Publisher publisher;
    private OutboxCursor stored;
    private boolean begun;
    private boolean storeScheduled;
    private boolean storing;
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
        // Falling asleep it does not leave the cursor to the timer: it has nothing else to do.
        this.doorbell = new Doorbell(vertx, config, session, writers, metrics, work, this::storeNow);
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
        work.run(loadState(), state -> {
            stored = state.cursor();
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

    private record State(OutboxCursor cursor, Set<ParkedKey> parked) {}

    private Future<State> loadState() {
        Future<OutboxCursor> cursor = session.loadCursor();
        Future<RelaySession.LastSeq> last = session.lastSeq();
        Future<Set<ParkedKey>> parked = session.parkedKeys();
        return Future.all(cursor, last, parked).map(all -> {
            if (cursor.result() == null) {
                throw new RefusedException(session.sql().noCursor());
            }
            if (!last.result().readable()) {
                throw new RefusedException("no privilege to read the sequence of outbox.seq; grant USAGE and SELECT");
            }
            refuseCursorAhead(cursor.result().publishedThrough(), last.result().seq());
            if (parked.result().size() > RelaySession.PARKED_KEYS_MAX) {
                throw new RefusedException(TOO_MANY_PARKED);
            }
            return new State(cursor.result(), parked.result());
        });
    }

    /** After TRUNCATE … RESTART IDENTITY, setval or a restore the rows that reuse the numbers would be skipped. */
    private void refuseCursorAhead(long seq, long lastSeq) {
        if (seq > lastSeq) {
            throw new RefusedException("the cursor stands at " + seq + ", above the sequence's last value " + lastSeq
                    + ": was the outbox truncated or restored? Check it, then run reset-cursor --source "
                    + source.name() + " --to SEQ");
        }
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
        long publishedThrough =
                drain != null ? drain.publishedThrough() : stored != null ? stored.publishedThrough() : 0;
        work.run(session.backlog(publishedThrough), backlog -> {
            metrics.lag(backlog.waiting(), backlog.oldestSeconds());
            if (drain != null) {
                refuseCursorAhead(drain.readThrough(), backlog.lastSeq());
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
        scheduleStore();
    }

    @Override
    public void readDone(long number, int rows) {
        doorbell.readDone(number, rows);
        lookAtGapsSoon();
    }

    /** At most one write of the cursor in 100 ms of progress: what a crash repeats is bounded by that. */
    private void scheduleStore() {
        if (storeScheduled || storing || work.ended()) {
            return;
        }
        storeScheduled = true;
        vertx.setTimer(CURSOR_INTERVAL_MS, timer -> {
            storeScheduled = false;
            if (!work.ended() && drain != null) {
                storeNow();
            }
        });
    }

    private void storeNow() {
        work.run(store(drain), done -> {
            if (drain != null && !drain.cursor().equals(stored)) {
                scheduleStore();
            }
        });
    }

    private Future<Void> store(Drain of) {
        OutboxCursor cursor = of.cursor();
        if (cursor.equals(stored)) {
            return Future.succeededFuture();
        }
        storing = true;
        return session.storeCursor(cursor).onSuccess(done -> stored = cursor).onComplete(done -> storing = false);
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
                store(failed),
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
                .compose(done -> store(last))
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
