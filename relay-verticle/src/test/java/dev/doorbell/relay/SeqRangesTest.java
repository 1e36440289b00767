package dev.doorbell.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SeqRangesTest {
    private final SeqRanges ranges = new SeqRanges();

    @Test
    void joinsRangesThatTouchOrOverlap() {
        ranges.add(new SeqRange(5, 7));
        ranges.add(new SeqRange(1, 2));
        ranges.add(SeqRange.of(3));
        assertThat(ranges.toList()).containsExactly(new SeqRange(1, 3), new SeqRange(5, 7));
        ranges.add(new SeqRange(2, 9));
        assertThat(ranges.toList()).containsExactly(new SeqRange(1, 9));
    }

    @Test
    void splitsARangeWhereAValueIsRemoved() {
        ranges.add(new SeqRange(1, 5));
        assertThat(ranges.remove(3)).isTrue();
        assertThat(ranges.remove(3)).isFalse();
        assertThat(ranges.toList()).containsExactly(new SeqRange(1, 2), new SeqRange(4, 5));
    }

    @Test
    void cutsAtABoundWithinARange() {
        ranges.add(new SeqRange(1, 5));
        ranges.add(new SeqRange(8, 9));
        assertThat(ranges.through(4)).containsExactly(new SeqRange(1, 4));
        assertThat(ranges.removeThrough(4)).containsExactly(new SeqRange(1, 4));
        assertThat(ranges.toList()).containsExactly(SeqRange.of(5), new SeqRange(8, 9));
        assertThat(ranges.reachesAbove(8)).isTrue();
        assertThat(ranges.reachesAbove(9)).isFalse();
    }

    @Test
    void agreesWithAPlainSetOverRandomOperations() {
        Random random = new Random(7);
        TreeSet<Long> expected = new TreeSet<>();
        for (int step = 0; step < 20_000; step++) {
            long start = random.nextInt(200);
            if (random.nextInt(3) == 0) {
                long end = start + random.nextInt(6);
                ranges.add(new SeqRange(start, end));
                for (long seq = start; seq <= end; seq++) {
                    expected.add(seq);
                }
            } else {
                assertThat(ranges.remove(start)).isEqualTo(expected.remove(start));
            }
            assertThat(ranges.contains(start + 1)).isEqualTo(expected.contains(start + 1));
            if (step % 100 == 0) {
                assertThat(values(ranges.toList())).containsExactlyElementsOf(expected);
                assertThat(gapsBetween(ranges.toList())).allMatch(gap -> gap > 1);
            }
        }
    }

    private static List<Long> values(List<SeqRange> list) {
        return list.stream()
                .flatMap(range -> java.util.stream.LongStream.rangeClosed(range.start(), range.end())
                        .boxed())
                .toList();
    }

    private static List<Long> gapsBetween(List<SeqRange> list) {
        return java.util.stream.IntStream.range(1, list.size())
                .mapToObj(i -> list.get(i).start() - list.get(i - 1).end())
                .toList();
    }
}
