package dev.doorbell.relay;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Decides when a gap is dead. Pure and not thread-safe.
 *
 * <p>Whoever can still commit a missing seq drew it inside a transaction that is among the {@link OpenWriters} once the
 * gap is known. When every one of them is gone, and a read that began after that still lacks the row, nobody can bring it
 * any more. Time says nothing about it, and neither does the order of transaction ids: both skip the rows of a slow
 * writer.
 */
final class GapSettler {
    /** Gaps that arise while the notes are full wait for the next one. */
    static final int NOTES_MAX = 8;

    private static final long NOT_CLEAR = Long.MAX_VALUE;

    /** The holders that could fill gaps at or below {@code through} and above the note before it. */
    private static final class Note {
        final long through;
        final OpenWriters holders;
        /** The first read that begins after the last holder was seen to be gone. */
        long clearFromRead = NOT_CLEAR;

        Note(long through, Set<String> holders, long nextRead) {
            this.through = through;
            this.holders = new OpenWriters(holders);
            clearIfGone(nextRead);
        }

        void clearIfGone(long nextRead) {
            clearFromRead = holders.count() == 0 ? nextRead : NOT_CLEAR;
        }
    }

    private final Deque<Note> notes = new ArrayDeque<>();

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
                note.holders.look(holders);
                note.clearIfGone(nextRead);
            }
        }
        if (noteThrough > notedThrough() && notes.size() < NOTES_MAX) {
            notes.addLast(new Note(noteThrough, holders, nextRead));
        }
        return notes.stream().anyMatch(note -> note.clearFromRead != NOT_CLEAR);
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
