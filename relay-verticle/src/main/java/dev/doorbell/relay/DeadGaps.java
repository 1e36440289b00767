package dev.doorbell.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Gaps that were declared dead, to be looked at for a while longer. By the rule nothing can turn up in them; should the
 * rule or an assumption under it be wrong, the row is published late and an alarm raised, instead of being lost in
 * silence. Bounded: the oldest leave first.
 */
final class DeadGaps {
    static final Duration WATCHED_FOR = Duration.ofMinutes(10);
    static final int RANGES_MAX = 1_000;

    private record DeadGap(SeqRange range, Instant died) {}

    private final Deque<DeadGap> gaps = new ArrayDeque<>();

    void add(List<SeqRange> ranges, Instant now) {
        for (SeqRange range : ranges) {
            gaps.addLast(new DeadGap(range, now));
            if (gaps.size() > RANGES_MAX) {
                gaps.removeFirst();
            }
        }
    }

    List<SeqRange> watched(Instant now) {
        while (!gaps.isEmpty() && gaps.getFirst().died().plus(WATCHED_FOR).isBefore(now)) {
            gaps.removeFirst();
        }
        return gaps.stream().map(DeadGap::range).toList();
    }

    /** A row turned up: what is left of its range is watched on. */
    void remove(long seq) {
        List<DeadGap> hit = gaps.stream()
                .filter(gap -> gap.range().start() <= seq && seq <= gap.range().end())
                .toList();
        for (DeadGap gap : hit) {
            gaps.remove(gap);
            SeqRanges rest = new SeqRanges();
            rest.add(gap.range());
            rest.remove(seq);
            add(rest.toList(), gap.died());
        }
    }
}
