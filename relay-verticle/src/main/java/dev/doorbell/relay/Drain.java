package dev.doorbell.relay;

import dev.doorbell.relay.OutboundEvent.ParkedKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the outbox from one loading of the cursor on, hands its rows to a publisher and notes what Kafka has. It ends
 * with the first failure, and everything it had in memory ends with it: the next one starts from the stored cursor.
 *
 * <p>One read at a time; the next begins when the pipeline has room beside the rows of the last one. While there are more
 * it is under way before these are made into records: a drain waits for PostgreSQL half as long. Runs on one event loop.
 */
final class Drain {
    private static final Logger log = LoggerFactory.getLogger(Drain.class);

    /** What the leader is told of its drain. */
    interface Listener {
        /** A statement has failed: the session is of no use any more. */
        void sessionFailed(Throwable error);

        /** The cursor to store has changed. */
        void progressed();

        /** A read has come to its end; {@code number} as in {@link Drain#reads}. */
        void readDone(long number, int rows);
    }

    private final RelayConfig config;
    private final SourceConfig source;
    private final RelaySession session;
    private final WriterWatch writers;
    private final RelayMetrics metrics;
    private final Clock clock = Clock.systemUTC();
    private final Listener listener;
    private final UntilEnded work;
    private final OutboxPosition position;
    private final GapSettler settler = new GapSettler();
    private final DeadGaps deadGaps = new DeadGaps();
    private final Dispatcher dispatcher;
    private final Promise<Void> drained = Promise.promise();

    private boolean stopping;
    private boolean reading;
    private boolean looking;
    private boolean mayFindMore;
    private boolean lookIntoDeadGaps;
    private long reads;

    /** @param parked the keys that are parked now */
    Drain(
            RelayConfig config,
            SourceConfig source,
            RelaySession session,
            WriterWatch writers,
            RelayMetrics metrics,
            OutboxCursor cursor,
            Set<ParkedKey> parked,
            UnpublishableRows unpublishable,
            Publisher publisher,
            Listener listener) {
        this.config = config;
        this.source = source;
        this.session = session;
        this.writers = writers;
        this.metrics = metrics;
        this.listener = listener;
        this.work = new UntilEnded(listener::sessionFailed);
        this.position = new OutboxPosition(cursor);
        this.dispatcher = new Dispatcher(
                config, source, session, metrics, position, parked, unpublishable, publisher, work, this::acknowledged);
    }

    /** There may be new rows. */
    void ring() {
        mayFindMore = true;
        proceed();
    }

    /** The number of the last read that has begun, the first being 1. */
    long reads() {
        return reads;
    }

    /** All that was read is acknowledged, and the last read looked at everything. */
    boolean isIdle() {
        return !reading && dispatcher.isIdle() && position.mayAdvance();
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

    /** Somebody may have released a key. */
    void refreshParkedKeys() {
        dispatcher.refreshParkedKeys();
    }

    /** Reads no more; completes when nothing is in flight. */
    Future<Void> stop() {
        stopping = true;
        dispatcher.clear();
        completeIfDrained();
        return drained.future();
    }

    /** Whatever comes back from now on is ignored. */
    void end() {
        work.end();
        drained.tryComplete();
    }

    private void proceed() {
        if (mayFindMore && dispatcher.hasRoom() && !work.ended() && !stopping && !reading) {
            read();
        }
    }

    private void acknowledged() {
        listener.progressed();
        proceed();
        completeIfDrained();
    }

    private void read() {
        mayFindMore = false;
        reading = true;
        long number = ++reads;
        metrics.reads.increment();
        List<SeqRange> gaps = new ArrayList<>(position.openGaps());
        if (lookIntoDeadGaps) {
            lookIntoDeadGaps = false;
            gaps.addAll(deadGaps.watched(clock.instant()));
        }
        work.run(session.read(position.readThrough(), gaps, position.mayAdvance(), config), result -> {
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
            if (result.cut() && dispatcher.hasRoomBeside(result.bytes())) {
                proceed();
            }
            dispatcher.accept(result.rows());
        }
        proceed();
        completeIfDrained();
        listener.readDone(number, seqs.size());
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
            listener.progressed();
        }
    }

    boolean hasOpenGaps() {
        return position.openGapCount() > 0;
    }

    /** Call it from time to time: notes who may still fill the open gaps, or sees that they are gone. */
    void lookAtGaps() {
        if (looking || work.ended() || stopping || !hasOpenGaps()) {
            return;
        }
        looking = true;
        work.run(writers.gapWriters(), holders -> {
            looking = false;
            long noteThrough = position.hasOpenGapsAbove(settler.notedThrough()) ? position.readThrough() : 0;
            if (settler.look(holders, noteThrough, reads + 1)) {
                ring();
            }
        });
    }

    private void completeIfDrained() {
        if (stopping && !reading && dispatcher.isIdle()) {
            drained.tryComplete();
        }
    }
}
