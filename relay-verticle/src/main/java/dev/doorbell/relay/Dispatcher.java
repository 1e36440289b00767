package dev.doorbell.relay;

import dev.doorbell.outbox.Failpoint;
import dev.doorbell.relay.OutboundEvent.ParkedKey;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands over what a drain has read, in order: to the publisher, or to the dead letters what can never be sent and what
 * is parked behind it. Bounds what is in flight. Runs on one event loop.
 */
final class Dispatcher {
    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    private final RelayConfig config;
    private final SourceConfig source;
    private final RelaySession session;
    private final RelayMetrics metrics;
    private final OutboxPosition position;
    private final UnpublishableRows unpublishable;
    private final Publisher publisher;
    private final UntilEnded work;
    private final Runnable onAcknowledged;
    private final EventMapper mapper;
    private final Deque<OutboundEvent> pending = new ArrayDeque<>();

    private Set<ParkedKey> parked;
    private long deadLetterWrites;
    private int batchesInFlight;
    private long bytesInFlight;

    /**
     * @param parked the keys that are parked now
     * @param work ended with the drain
     * @param onAcknowledged called when the position has moved
     */
    Dispatcher(
            RelayConfig config,
            SourceConfig source,
            RelaySession session,
            RelayMetrics metrics,
            OutboxPosition position,
            Set<ParkedKey> parked,
            UnpublishableRows unpublishable,
            Publisher publisher,
            UntilEnded work,
            Runnable onAcknowledged) {
        this.config = config;
        this.source = source;
        this.session = session;
        this.metrics = metrics;
        this.position = position;
        this.parked = parked;
        this.unpublishable = unpublishable;
        this.publisher = publisher;
        this.work = work;
        this.onAcknowledged = onAcknowledged;
        this.mapper = new EventMapper(source);
    }

    /** Whether more may be read: all that was read is handed over, and the pipeline has room. */
    boolean hasRoom() {
        return hasRoom(0, 0);
    }

    /** Whether there will be room when rows of so many bytes are handed over, which is about to happen. */
    boolean hasRoomBeside(long bytes) {
        return hasRoom(1, bytes);
    }

    private boolean hasRoom(int batches, long bytes) {
        return pending.isEmpty()
                && batchesInFlight + batches < config.inFlightBatchesMax()
                && bytesInFlight + bytes < config.inFlightBytesMax();
    }

    /** Nothing waits, and Kafka has acknowledged everything. */
    boolean isIdle() {
        return batchesInFlight == 0 && pending.isEmpty();
    }

    void accept(List<OutboxRow> rows) {
        rows.forEach(row -> pending.addLast(mapper.map(row)));
        dispatch();
    }

    /** Drops what waits; what is in flight goes on. */
    void clear() {
        pending.clear();
    }

    /**
     * A row that can never be sent waits until everything before it is acknowledged: were its key parked earlier, a
     * failure of what is in flight would bring back an earlier row of the key and park it behind this one.
     */
    private void dispatch() {
        while (!work.ended() && !pending.isEmpty()) {
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
        work.run(Future.all(published, kept), both -> {
            Failpoint.reached("relay.acknowledged");
            batchesInFlight--;
            bytesInFlight -= bytes;
            metrics.batchesInFlight.set(batchesInFlight);
            metrics.eventsPublished.increment(batch.size());
            position.acknowledged(batch.stream().map(OutboundEvent::seq).toList());
            position.acknowledged(
                    letters.stream().map(letter -> letter.event().seq()).toList());
            dispatch();
            onAcknowledged.run();
        });
    }

    private Future<Void> keep(List<DeadLetter> letters) {
        deadLetterWrites++;
        letters.forEach(letter -> parked.add(letter.event().parkedKey()));
        if (parked.size() > RelaySession.PARKED_KEYS_MAX) {
            return Future.failedFuture(new RefusedException(StoredState.TOO_MANY_PARKED));
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

    /** Takes over which keys are parked now: somebody may have released one. Nobody but the leader parks any. */
    void refreshParkedKeys() {
        if (parked.isEmpty()) {
            return;
        }
        long writesBefore = deadLetterWrites;
        work.run(session.parkedKeys(), keys -> {
            // A key parked since the question was asked would be missing in the answer.
            if (writesBefore == deadLetterWrites) {
                parked = keys;
            }
        });
    }

    private boolean isParked(OutboundEvent event) {
        return !parked.isEmpty() && parked.contains(event.parkedKey());
    }
}
