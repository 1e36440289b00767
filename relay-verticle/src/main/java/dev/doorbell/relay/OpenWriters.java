package dev.doorbell.relay;

import java.util.HashSet;
import java.util.Set;

/**
 * Transactions that had begun to write to an outbox at one look at {@code pg_locks}, of which a later look crosses out
 * those that are gone. Pure and not thread-safe.
 *
 * <p>A writer takes RowExclusiveLock on the outbox before it draws a seq and before its trigger asks whether the relay is
 * awake, and lets go after its commit has become visible. So when all that held it once are gone, a read that begins
 * then sees whatever they have committed. Neither transaction ids nor snapshots say that: a writer may have drawn its
 * seq and have no id yet.
 *
 * <p>Writers are named as {@code pg_locks.virtualtransaction} does. PostgreSQL 18 leaves a prepared transaction its name
 * {@code 3/15} and changes it to {@code -1/<xid>} when the server starts again, which ends our session and the notes with
 * it; servers before 14 changed it at PREPARE, and nothing in pg_locks tied the new name to the old one. So as not to
 * depend on that: while an unprepared writer was there at the previous look, every prepared one that is new at this look
 * joins. It may be that writer, or a stranger, which only makes the wait longer.
 */
final class OpenWriters {
    private static final String PREPARED = "-1/";

    private Set<String> remaining;
    private Set<String> seenBefore;

    /** @param writers every transaction that holds the lock now */
    OpenWriters(Set<String> writers) {
        remaining = Set.copyOf(writers);
        seenBefore = remaining;
    }

    /** @param writers every transaction that holds the lock at this later look */
    void look(Set<String> writers) {
        Set<String> stillThere = new HashSet<>(remaining);
        boolean mayHavePrepared = remaining.stream().anyMatch(writer -> !writer.startsWith(PREPARED));
        stillThere.retainAll(writers);
        if (mayHavePrepared) {
            writers.stream()
                    .filter(writer -> writer.startsWith(PREPARED) && !seenBefore.contains(writer))
                    .forEach(stillThere::add);
        }
        remaining = stillThere;
        seenBefore = Set.copyOf(writers);
    }

    /** How many of them are still there. */
    int count() {
        return remaining.size();
    }
}
