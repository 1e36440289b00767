package dev.doorbell.relay;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Decides when a gap is dead. Pure and not thread-safe.
 *
 * <p>Whoever can still commit a missing seq drew it inside a transaction that holds RowExclusiveLock on the outbox, one
 * of its partitions or its sequence: the lock is taken before the value is drawn and released after the commit has
 * become visible. So the transactions that hold it are noted once the gap is known; when every one of them has let go,
 * and a read that began after that still lacks the row, nobody can bring it any more. Time says nothing about it, and
 * neither does the order of transaction ids: both skip the rows of a slow writer.
 *
 * <p>Holders are named as {@code pg_locks.virtualtransaction} does. PostgreSQL 18 leaves a prepared transaction its name
 * {@code 3/15} and changes it to {@code -1/<xid>} when the server starts again, which ends our session and the notes with
 * it; servers before 14 changed it at PREPARE, and nothing in pg_locks tied the new name to the old one. So as not to
 * depend on that: while an unprepared holder was there at the previous look, every prepared one that is new at this look
 * joins the note. It may be that holder, or a stranger, which only makes the wait longer.
 */
final class GapSettler {
    /** Gaps that arise while the notes are full wait for the next one. */
    static final int NOTES_MAX = 8;

    private static final String PREPARED = "-1/";
    private static final long NOT_CLEAR = Long.MAX_VALUE;

    /** The holders that could fill gaps at or below {@code through} and above the note before it. */
    private static final class Note {
        final long through;
        Set<String> holders;
        /** The first read that begins after the last holder was seen to be gone. */
        long clearFromRead = NOT_CLEAR;

        Note(long through, Set<String> holders) {
            this.through = through;
            this.holders = holders;
        }
    }

    private final Deque<Note> notes = new ArrayDeque<>();
    private Set<String> previousHolders = Set.of();

    /** Gaps up to here have a note; a look notes those above. */
    long notedThrough() {
        return notes.isEmpty() ? 0 : notes.getLast().through;
    }

    /**
     * Takes in one look at pg_locks.
     *
     * @param holders every transaction that holds the lock now
     * @param noteThrough the highest seq read before this look when there are gaps above {@link #notedThrough}, or 0
     * @param nextRead the number of the next read to begin
     * @return whether a gap may be settled by that read
     */
    boolean look(Set<String> holders, long noteThrough, long nextRead) {
        for (Note note : notes) {
            if (note.clearFromRead == NOT_CLEAR) {
                note.holders = stillThere(note.holders, holders);
                note.clearFromRead = note.holders.isEmpty() ? nextRead : NOT_CLEAR;
            }
        }
        if (noteThrough > notedThrough() && notes.size() < NOTES_MAX) {
            Note note = new Note(noteThrough, holders);
            note.clearFromRead = holders.isEmpty() ? nextRead : NOT_CLEAR;
            notes.addLast(note);
        }
        previousHolders = Set.copyOf(holders);
        return notes.stream().anyMatch(note -> note.clearFromRead != NOT_CLEAR);
    }

    private Set<String> stillThere(Set<String> noted, Set<String> holders) {
        Set<String> remaining = new HashSet<>(noted);
        boolean mayHavePrepared = noted.stream().anyMatch(holder -> !holder.startsWith(PREPARED));
        remaining.retainAll(holders);
        if (mayHavePrepared) {
            holders.stream()
                    .filter(holder -> holder.startsWith(PREPARED) && !previousHolders.contains(holder))
                    .forEach(remaining::add);
        }
        return remaining;
    }

    /**
     * Takes in a finished read.
     *
     * @param read its number
     * @param lookedThrough a missing seq up to here was not in its snapshot; above, its limit may have cut
     * @return gaps up to here that are still open are dead; 0 for none
     */
    long settledThrough(long read, long lookedThrough) {
        long settled = 0;
        // A holder of an earlier note that is still there is in every later note too: the notes clear in order.
        while (!notes.isEmpty() && notes.getFirst().clearFromRead <= read) {
            if (notes.getFirst().through > lookedThrough) {
                return Math.max(settled, lookedThrough);
            }
            settled = notes.removeFirst().through;
        }
        return settled;
    }
}
