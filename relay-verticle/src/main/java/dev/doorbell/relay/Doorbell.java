package dev.doorbell.relay;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When the leader reads: again and again while it is awake, and when somebody rings while it sleeps. Writers ring only
 * for a relay that sleeps, so the delicate part is to fall asleep: whoever looked for AWAKE while it was held rings
 * nobody, and must not be forgotten. Three statements, each on a snapshot of its own:
 *
 * <ol>
 *   <li>nothing was found for the {@link Linger} and Kafka has everything: let go of {@link AwakeLock};
 *   <li>note who may be writing now, the {@link OpenWriters}; look again until all of those are gone, and read
 *       whenever one of them is;
 *   <li>one read more, which began after the last of them was gone. If it finds nothing the relay sleeps.
 * </ol>
 *
 * Rows or a notification at any point end the attempt. A sleeping relay is woken by a notification, or by the rows of a
 * fallback poll, for those that nobody rang for. Runs on one event loop.
 */
final class Doorbell {
    /** A noted writer is looked for again after one part in so many of the time that it has been waited for. */
    private static final int LOOK_PART = 4;

    private static final long LOOK_MS_MAX = 50;
    private static final long NOT_CLEAR = Long.MAX_VALUE;
    private static final long NS_PER_MS = 1_000_000;

    private enum State {
        AWAKE,
        FALLING_ASLEEP,
        ASLEEP
    }

    private final Vertx vertx;
    private final RelayMetrics metrics;
    private final WriterWatch watch;
    private final Runnable onAsleep;
    private final UntilEnded work;
    private final AwakeLock awake;
    private final Linger linger;
    private final LongSupplier nanoTime = System::nanoTime;

    private Drain drain;
    private State state = State.AWAKE;
    private boolean readAwaited;
    /** Counts up, so that what comes back for an attempt that was ended is told from the next one's. */
    private long attempt;

    private long attemptNs;
    /** The first read that begins after the last noted writer was seen to be gone. */
    private long clearFromRead = NOT_CLEAR;

    /**
     * @param work ended with the term, and told what fails
     * @param onAsleep called each time the relay has fallen asleep
     */
    Doorbell(
            Vertx vertx,
            RelayConfig config,
            RelaySession session,
            WriterWatch watch,
            RelayMetrics metrics,
            UntilEnded work,
            Runnable onAsleep) {
        this.vertx = vertx;
        this.metrics = metrics;
        this.watch = watch;
        this.onAsleep = onAsleep;
        this.work = work;
        this.awake = new AwakeLock(session, work);
        this.linger = new Linger(config.lingerMs(), nanoTime.getAsLong());
    }

    /** A drain begins: awake, whatever was before. */
    void attach(Drain begun) {
        drain = begun;
        stayAwake();
        awake.take();
    }

    /** The drain has ended. AWAKE is kept: with no drain there is nothing to ring for, the next one reads everything. */
    void detach() {
        drain = null;
        attempt++;
    }

    boolean asleep() {
        return state == State.ASLEEP;
    }

    /** Somebody rang. */
    void ring() {
        if (drain == null || work.ended()) {
            return;
        }
        if (state == State.ASLEEP) {
            metrics.wakeUpsByNotification.increment();
            stayAwake();
        } else if (state == State.FALLING_ASLEEP) {
            endAttempt();
        }
        // The event waits for the read, so that goes ahead. Who writes between the two rings once more; who finds AWAKE
        // held has a read to come, because the relay never sleeps without one that began after it let go.
        drain.ring();
        awake.take();
    }

    /** A read has come to its end. */
    void readDone(long number, int rows) {
        if (work.ended()) {
            return;
        }
        if (rows > 0) {
            linger.found(nanoTime.getAsLong(), rows);
            if (state == State.ASLEEP) {
                metrics.wakeUpsByPoll.increment();
                stayAwake();
            } else if (state == State.FALLING_ASLEEP) {
                endAttempt();
            }
        }
        if (state == State.AWAKE) {
            awake.take();
            sleepOrReadAgain();
        } else if (state == State.FALLING_ASLEEP && number >= clearFromRead && drain.isIdle()) {
            state = State.ASLEEP;
            metrics.asleep.set(1);
            onAsleep.run();
        }
    }

    /** AWAKE is for the caller to take, when it has asked for what is more urgent. */
    private void stayAwake() {
        state = State.AWAKE;
        attempt++;
        metrics.asleep.set(0);
        linger.begin(nanoTime.getAsLong());
    }

    private void endAttempt() {
        metrics.sleepsEndedEarly.increment();
        stayAwake();
    }

    private void sleepOrReadAgain() {
        long nowNs = nanoTime.getAsLong();
        if (linger.isOver(nowNs) && drain.isIdle()) {
            fallAsleep();
        } else if (!readAwaited) {
            readAwaited = true;
            vertx.timer(linger.pauseMicros(nowNs), TimeUnit.MICROSECONDS).onSuccess(paused -> {
                readAwaited = false;
                if (drain != null && state == State.AWAKE && !work.ended()) {
                    drain.ring();
                }
            });
        }
    }

    private void fallAsleep() {
        state = State.FALLING_ASLEEP;
        metrics.sleepsAttempted.increment();
        long mine = ++attempt;
        attemptNs = nanoTime.getAsLong();
        clearFromRead = NOT_CLEAR;
        work.run(awake.release(), released -> {
            if (mine == attempt) {
                work.run(watch.openWriters(), writers -> noted(mine, new OpenWriters(writers)));
            }
        });
    }

    private void noted(long mine, OpenWriters writers) {
        if (mine != attempt) {
            return;
        }
        if (writers.count() == 0) {
            clearFromRead = drain.reads() + 1;
            drain.ring();
            return;
        }
        long waitedMs = (nanoTime.getAsLong() - attemptNs) / NS_PER_MS;
        vertx.setTimer(Math.max(1, Math.min(LOOK_MS_MAX, waitedMs / LOOK_PART)), timer -> lookAgain(mine, writers));
    }

    private void lookAgain(long mine, OpenWriters writers) {
        if (mine != attempt || work.ended()) {
            return;
        }
        work.run(watch.openWriters(), now -> {
            int before = writers.count();
            writers.look(now);
            if (mine == attempt && writers.count() < before) {
                drain.ring();
            }
            noted(mine, writers);
        });
    }
}
