package dev.doorbell.relay;

import dev.doorbell.outbox.Failpoint;
import dev.doorbell.relay.OutboundEvent.ParkedKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the outbox from one loading of the cursor on, hands its rows to a publisher and notes what Kafka has. It ends
 * with the first failure, and everything it had in memory ends with it: the next one starts from the stored cursor.
 *
 * <p>One read at a time; the next begins when the rows of the last one are all handed over and the pipeline has room.
 * Runs on one event loop.
 */
final class Drain {
    private static final Logger log = LoggerFactory.getLogger(Drain.class);
    private final RelayConfig config;
    private final SourceConfig source;
    private final RelaySession session;
    private final RelayMetrics metrics;
    private final Clock clock;
    private final Consumer<Throwable> onSessionFailure;
    private final Runnable onProgress;
    private final EventMapper mapper;
    private final OutboxPosition position;
    private final GapSettler settler = new GapSettler();
    private final DeadGaps deadGaps = new DeadGaps();
    private final UnpublishableRows unpublishable;
    private final Deque<OutboundEvent> pending = new ArrayDeque<>();
    private final Promise<Void> drained = Promise.promise();

    private Publisher publisher;
    private Set<ParkedKey> parked;
    private boolean ended;
    private boolean stopping;
    private boolean reading;
    private boolean looking;
    private boolean mayFindMore;
    private boolean lookIntoDeadGaps;
    private long reads;
    private long deadLetterWrites;
    private int batchesInFlight;
    private long bytesInFlight;

    /**
     * @param parked the keys that are parked now
     * @param onSessionFailure called when a statement fails: the session is of no use any more
     * @param onProgress called when the cursor to store has changed
     */
    Drain(
            RelayConfig config,
            SourceConfig source,
            RelaySession session,
            RelayMetrics metrics,
            OutboxCursor cursor,
            Set<ParkedKey> parked,
            UnpublishableRows unpublishable,
            Consumer<Throwable> onSessionFailure,
            Runnable onProgress) {
        this.config = config;
        this.source = source;
        this.session = session;
        this.metrics = metrics;
        this.clock = Clock.systemUTC();
        this.mapper = new EventMapper(source);
        this.position = new OutboxPosition(cursor);
        this.parked = parked;
        this.unpublishable = unpublishable;
        this.onSessionFailure = onSessionFailure;
        this.onProgress = onProgress;
    }

    void start(Publisher withPublisher) {
        publisher = withPublisher;
        ring();
    }

    /** There may be new rows. */
    void ring() {
        mayFindMore = true;
        proceed();
    }

    OutboxCursor cursor() {
        return position.cursor();
    }

    long publishedThrough() {
        return position.publishedThrough();
    }

    long readThrough() {
        return position.readThrough();
    }

    /** The next read also looks into the gaps that were given up. */
    void lookIntoDeadGaps() {
        if (!deadGaps.watched(clock.instant()).isEmpty()) {
            lookIntoDeadGaps = true;
            ring();
        }
    }

    /** Reads no more; completes when nothing is in flight. */
    Future<Void> stop() {
        stopping = true;
        pending.clear();
        completeIfDrained();
        return drained.future();
    }

    /** Whatever comes back from now on is ignored. */
    void end() {
        ended = true;
        drained.tryComplete();
    }

    private void proceed() {
        boolean room = batchesInFlight < config.inFlightBatchesMax() && bytesInFlight < config.inFlightBytesMax();
        if (mayFindMore && room && !ended && !stopping && !reading && pending.isEmpty()) {
            read();
        }
    }

    private void read() {
        mayFindMore = false;
        reading = true;
        long number = ++reads;
        List<SeqRange> gaps = new ArrayList<>(position.openGaps());
        if (lookIntoDeadGaps) {
            lookIntoDeadGaps = false;
            gaps.addAll(deadGaps.watched(clock.instant()));
        }
        guarded(session.read(position.readThrough(), gaps, position.mayAdvance(), config), result -> {
            reading = false;
            accept(number, result);
        });
    }

    private void accept(long number, RelaySession.Rows result) {
        List<Long> seqs = result.rows().stream().map(OutboxRow::seq).toList();
        boolean wasHeldUp = !position.mayAdvance();
        position.read(seqs).forEach(this::alarmOfLateRow);
        settle(number, result.cut() ? seqs.get(seqs.size() - 1) : Long.MAX_VALUE);
        mayFindMore |= result.cut() || wasHeldUp && position.mayAdvance();
        metrics.openGaps.set(position.openGapCount());
        if (!stopping) {
            result.rows().forEach(row -> pending.addLast(mapper.map(row)));
            dispatch();
        }
        proceed();
        completeIfDrained();
    }

    private void alarmOfLateRow(long seq) {
        deadGaps.remove(seq);
        metrics.lateEvents.increment();
        log.error(
                "source {}: seq {} turned up after its gap was given up; it is published now, out of order. Was a row "
                        + "inserted with a seq of its own, or restored?",
                source.name(),
                seq);
    }

    private void settle(long number, long lookedThrough) {
        long settledThrough = settler.settledThrough(number, lookedThrough);
        List<SeqRange> dead = position.settle(settledThrough);
        if (!dead.isEmpty()) {
            deadGaps.add(dead, clock.instant());
            log.debug("source {}: gaps {} are dead", source.name(), dead);
            onProgress.run();
        }
    }

    /** Call it from time to time: notes who may still fill the open gaps, or sees that they are gone. */
    void lookAtGaps() {
        if (looking || ended || stopping || position.openGapCount() == 0) {
            return;
        }
        looking = true;
        guarded(session.writers(), writers -> {
            looking = false;
            long noteThrough = position.hasOpenGapsAbove(settler.notedThrough()) ? position.readThrough() : 0;
            if (settler.look(writers, noteThrough, reads + 1)) {
                ring();
            }
        });
    }

    /**
     * Hands over what was read, in order. A row that can never be sent waits until everything before it is acknowledged:
     * were its key parked earlier, a failure of what is in flight would bring back an earlier row of the key and park it
     * behind this one.
     */
    private void dispatch() {
        while (!ended && !pending.isEmpty()) {
            if (unpublishable.cause(pending.peekFirst()) != null && !isParked(pending.peekFirst())) {
                if (batchesInFlight > 0) {
                    return;
                }
                OutboundEvent event = pending.removeFirst();
                log.error(
                        "source {}: seq {} can never be published and goes to dead_letter, its key is parked: {}",
                        source.name(),
                        event.seq(),
                        unpublishable.cause(event));
                handOver(
                        List.of(),
                        List.of(new DeadLetter(event, DeadLetter.Reason.UNPUBLISHABLE, unpublishable.cause(event))));
            } else {
                handOverRun();
            }
        }
    }

    /** As many rows as can go at once. */
    private void handOverRun() {
        List<OutboundEvent> batch = new ArrayList<>(pending.size());
        List<DeadLetter> letters = new ArrayList<>();
        while (!pending.isEmpty()) {
            OutboundEvent event = pending.peekFirst();
            if (isParked(event)) {
                letters.add(new DeadLetter(event, DeadLetter.Reason.PARKED, null));
            } else if (unpublishable.cause(event) == null) {
                batch.add(event);
            } else {
                break;
            }
            pending.removeFirst();
        }
        handOver(batch, letters);
    }

    private void handOver(List<OutboundEvent> batch, List<DeadLetter> letters) {
        long bytes = batch.stream().mapToLong(OutboundEvent::bytes).sum();
        batchesInFlight++;
        bytesInFlight += bytes;
        metrics.batchesInFlight.set(batchesInFlight);
        Future<Void> published = batch.isEmpty() ? Future.succeededFuture() : publisher.publish(batch);
        Future<Void> kept = letters.isEmpty() ? Future.succeededFuture() : keep(letters);
        guarded(Future.all(published, kept), both -> {
            Failpoint.reached("relay.acknowledged");
            batchesInFlight--;
            bytesInFlight -= bytes;
            metrics.batchesInFlight.set(batchesInFlight);
            metrics.eventsPublished.increment(batch.size());
            position.acknowledged(batch.stream().map(OutboundEvent::seq).toList());
            position.acknowledged(
                    letters.stream().map(letter -> letter.event().seq()).toList());
            onProgress.run();
            dispatch();
            proceed();
            completeIfDrained();
        });
    }

    private Future<Void> keep(List<DeadLetter> letters) {
        deadLetterWrites++;
        letters.forEach(letter -> parked.add(letter.event().parkedKey()));
        if (parked.size() > RelaySession.PARKED_KEYS_MAX) {
            return Future.failedFuture(new RefusedException(Leader.TOO_MANY_PARKED));
        }
        // The cursor first: after a crash in between, rows of the key that are published would be read again and
        // parked.
        return session.storeCursor(position.cursor())
                .compose(stored -> session.storeDeadLetters(letters))
                .onSuccess(stored -> {
                    metrics.deadLetters.increment(letters.size());
                    letters.forEach(
                            letter -> unpublishable.forget(letter.event().seq()));
                });
    }

    /** Takes over which keys are parked now: somebody may have released one. */
    void refreshParkedKeys() {
        long writesBefore = deadLetterWrites;
        guarded(session.parkedKeys(), keys -> {
            // A key parked since the question was asked would be missing in the answer.
            if (writesBefore == deadLetterWrites) {
                parked = keys;
            }
        });
    }

    private boolean isParked(OutboundEvent event) {
        return !parked.isEmpty() && parked.contains(event.parkedKey());
    }

    private void completeIfDrained() {
        if (stopping && !reading && batchesInFlight == 0) {
            drained.tryComplete();
        }
    }

    /** What comes back after the end is dropped, and a failure is the session's. */
    private <T> void guarded(Future<T> future, Consumer<T> then) {
        future.onComplete(result -> {
            if (ended) {
                return;
            }
            if (result.failed()) {
                onSessionFailure.accept(result.cause());
            } else {
                then.accept(result.result());
            }
        });
    }
}
