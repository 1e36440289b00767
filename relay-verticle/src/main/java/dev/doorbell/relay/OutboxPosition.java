package dev.doorbell.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Where the relay stands in one outbox: what it has read, what is on its way to Kafka, and which sequence values are
 * missing. Pure and not thread-safe.
 *
 * <p>Rows are read in the order of seq above the highest one read. A value that a read jumps over is an open gap: its
 * transaction is still open, or rolled back. A row that fills a gap counts as a gap until Kafka has it: were it left
 * out of the stored list when it is read, a crash before the acknowledgement would lose it, because the cursor already
 * stands above it.
 */
final class OutboxPosition {
    /** More open gaps than this and reading goes on only in the gaps, until some are filled or settled. */
    static final int OPEN_GAPS_MAX = 10_000;

    /** Rows read above the mark at that time, not yet acknowledged. */
    private final TreeSet<Long> unacknowledged = new TreeSet<>();
    /** Rows that filled a gap, not yet acknowledged. */
    private final TreeSet<Long> fillingGaps = new TreeSet<>();

    private final SeqRanges openGaps = new SeqRanges();
    private long readThrough;

    /** Goes on from the stored cursor: what was read above it and not acknowledged is read again. */
    OutboxPosition(OutboxCursor cursor) {
        readThrough = cursor.publishedThrough();
        cursor.gaps().forEach(openGaps::add);
    }

    /** The high-water mark: the highest seq read. */
    long readThrough() {
        return readThrough;
    }

    /** False while there are too many gaps: then only the gaps may be read. */
    boolean mayAdvance() {
        return openGaps.size() <= OPEN_GAPS_MAX;
    }

    List<SeqRange> openGaps() {
        return openGaps.toList();
    }

    int openGapCount() {
        return openGaps.size();
    }

    boolean hasOpenGapsAbove(long seq) {
        return openGaps.reachesAbove(seq);
    }

    /**
     * Notes rows that one statement returned, in ascending order of seq.
     *
     * @return those that nobody expected any more: at or below the mark, but in no open gap
     */
    List<Long> read(List<Long> seqs) {
        List<Long> late = new ArrayList<>();
        for (long seq : seqs) {
            if (seq > readThrough) {
                if (seq > readThrough + 1) {
                    openGaps.add(new SeqRange(readThrough + 1, seq - 1));
                }
                unacknowledged.add(seq);
                readThrough = seq;
            } else {
                if (!openGaps.remove(seq)) {
                    late.add(seq);
                }
                fillingGaps.add(seq);
            }
        }
        return late;
    }

    /** Notes that Kafka, or the table of dead letters, has these rows; in any order. */
    void acknowledged(List<Long> seqs) {
        for (Long seq : seqs) {
            if (!unacknowledged.remove(seq)) {
                fillingGaps.remove(seq);
            }
        }
    }

    /** Declares the open gaps up to {@code through} dead and returns them. Rows read already are not touched. */
    List<SeqRange> settle(long through) {
        return openGaps.removeThrough(through);
    }

    /** The last seq before the lowest unacknowledged row that filled no gap. */
    long publishedThrough() {
        return unacknowledged.isEmpty() ? readThrough : unacknowledged.first() - 1;
    }

    /** What to store now. Gaps above {@link #publishedThrough} are left out: everything there is read again anyway. */
    OutboxCursor cursor() {
        SeqRanges gaps = new SeqRanges(openGaps);
        fillingGaps.forEach(seq -> gaps.add(SeqRange.of(seq)));
        long publishedThrough = publishedThrough();
        return new OutboxCursor(publishedThrough, gaps.through(publishedThrough));
    }
}
