package dev.doorbell.relay;

import java.util.List;

/**
 * What the table {@code outbox_cursor} stores.
 *
 * @param publishedThrough everything up to here is acknowledged by Kafka, but for the gaps
 * @param gaps at or below {@code publishedThrough}: rows that may still be committed, or that are committed and not yet
 *     acknowledged; ascending and disjoint
 */
record OutboxCursor(long publishedThrough, List<SeqRange> gaps) {
    OutboxCursor {
        gaps = List.copyOf(gaps);
    }

    Long[] gapStarts() {
        return gaps.stream().map(SeqRange::start).toArray(Long[]::new);
    }

    Long[] gapEnds() {
        return gaps.stream().map(SeqRange::end).toArray(Long[]::new);
    }
}
