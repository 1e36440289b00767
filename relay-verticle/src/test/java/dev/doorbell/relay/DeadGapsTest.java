package dev.doorbell.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadGapsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final DeadGaps gaps = new DeadGaps();

    @Test
    void watchesForAWhile() {
        gaps.add(List.of(new SeqRange(1, 3)), NOW);
        assertThat(gaps.watched(NOW.plus(DeadGaps.WATCHED_FOR))).containsExactly(new SeqRange(1, 3));
        assertThat(gaps.watched(NOW.plus(DeadGaps.WATCHED_FOR).plus(Duration.ofMillis(1))))
                .isEmpty();
    }

    @Test
    void watchesOnAroundARowThatTurnedUp() {
        gaps.add(List.of(new SeqRange(1, 3)), NOW);
        gaps.remove(2);
        assertThat(gaps.watched(NOW)).containsExactly(SeqRange.of(1), SeqRange.of(3));
    }

    @Test
    void isBounded() {
        for (long i = 0; i < DeadGaps.RANGES_MAX + 5; i++) {
            gaps.add(List.of(SeqRange.of(2 * i)), NOW);
        }
        assertThat(gaps.watched(NOW)).hasSize(DeadGaps.RANGES_MAX).startsWith(SeqRange.of(10));
    }
}
