package dev.doorbell.relay;

import dev.doorbell.relay.OutboundEvent.ParkedKey;
import io.vertx.core.Future;
import java.util.Set;

/** What the database says at the beginning of a drain. Loading it refuses what no drain may begin with. */
record StoredState(OutboxCursor cursor, Set<ParkedKey> parked) {
    static final String TOO_MANY_PARKED = "more than " + RelaySession.PARKED_KEYS_MAX
            + " keys are parked; replay or discard dead letters of consumer 'relay'";

    /** @return fails with {@link RefusedException} when publishing must not begin */
    static Future<StoredState> load(RelaySession session, SourceConfig source) {
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
            refuseCursorAhead(
                    source, cursor.result().publishedThrough(), last.result().seq());
            if (parked.result().size() > RelaySession.PARKED_KEYS_MAX) {
                throw new RefusedException(TOO_MANY_PARKED);
            }
            return new StoredState(cursor.result(), parked.result());
        });
    }

    /** After TRUNCATE … RESTART IDENTITY, setval or a restore the rows that reuse the numbers would be skipped. */
    static void refuseCursorAhead(SourceConfig source, long seq, long lastSeq) {
        if (seq > lastSeq) {
            throw new RefusedException("the cursor stands at " + seq + ", above the sequence's last value " + lastSeq
                    + ": was the outbox truncated or restored? Check it, then run reset-cursor --source "
                    + source.name() + " --to SEQ");
        }
    }
}
