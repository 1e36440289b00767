package dev.doorbell.relay;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * Writes the cursor of a drain, at most once in {@value #INTERVAL_MS} ms of progress: what a crash repeats is bounded by
 * that. One event loop.
 */
final class CursorWriter {
    static final long INTERVAL_MS = 100;

    private final Vertx vertx;
    private final RelaySession session;
    private final UntilEnded work;
    private Drain drain;
    private OutboxCursor stored;
    private boolean scheduled;
    private boolean storing;

    /** @param work ended with the term, and told what fails */
    CursorWriter(Vertx vertx, RelaySession session, UntilEnded work) {
        this.vertx = vertx;
        this.session = session;
        this.work = work;
    }

    /** A drain begins, from the cursor that the database has. */
    void attach(Drain begun, OutboxCursor loaded) {
        drain = begun;
        stored = loaded;
    }

    /** The drain has ended. What it had last can still be written with {@link #write}. */
    void detach() {
        drain = null;
    }

    /** Where the last cursor that was written stands; 0 before the first was loaded. */
    long publishedThrough() {
        return stored == null ? 0 : stored.publishedThrough();
    }

    /** The drain's cursor has changed. */
    void writeSoon() {
        if (scheduled || storing || work.ended()) {
            return;
        }
        scheduled = true;
        vertx.setTimer(INTERVAL_MS, timer -> {
            scheduled = false;
            if (!work.ended()) {
                writeNow();
            }
        });
    }

    void writeNow() {
        if (drain == null) {
            return;
        }
        work.run(write(drain), written -> {
            if (drain != null && !drain.cursor().equals(stored)) {
                writeSoon();
            }
        });
    }

    Future<Void> write(Drain of) {
        OutboxCursor cursor = of.cursor();
        if (cursor.equals(stored)) {
            return Future.succeededFuture();
        }
        storing = true;
        return session.storeCursor(cursor).onSuccess(done -> stored = cursor).onComplete(done -> storing = false);
    }
}
