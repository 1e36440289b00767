package dev.doorbell.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OutboxPositionTest {
    private static final OutboxCursor START = new OutboxCursor(0, List.of());

    private final OutboxPosition position = new OutboxPosition(START);

    @Test
    void standsBeforeTheLowestUnacknowledgedRow() {
        position.read(List.of(1L, 2L, 3L));
        assertThat(position.publishedThrough()).isZero();
        position.acknowledged(List.of(1L, 3L));
        assertThat(position.publishedThrough()).isEqualTo(1);
        position.acknowledged(List.of(2L));
        assertThat(position.cursor()).isEqualTo(new OutboxCursor(3, List.of()));
    }

    @Test
    void aValueJumpedOverIsAnOpenGapAndStoredOnceTheCursorIsAboveIt() {
        position.read(List.of(3L, 6L));
        assertThat(position.openGaps()).containsExactly(new SeqRange(1, 2), new SeqRange(4, 5));
        assertThat(position.cursor()).isEqualTo(new OutboxCursor(2, List.of(new SeqRange(1, 2))));
        position.acknowledged(List.of(3L, 6L));
        assertThat(position.cursor()).isEqualTo(new OutboxCursor(6, List.of(new SeqRange(1, 2), new SeqRange(4, 5))));
    }

    @Test
    void aGapStaysStoredUntilItsRowIsAcknowledged() {
        position.read(List.of(1L, 4L));
        position.acknowledged(List.of(1L, 4L));
        assertThat(position.read(List.of(2L, 5L))).isEmpty();
        assertThat(position.openGaps()).as("read, so not asked for again").containsExactly(SeqRange.of(3));
        position.acknowledged(List.of(5L));
        assertThat(position.cursor()).isEqualTo(new OutboxCursor(5, List.of(new SeqRange(2, 3))));
        position.acknowledged(List.of(2L));
        assertThat(position.cursor()).isEqualTo(new OutboxCursor(5, List.of(SeqRange.of(3))));
    }

    @Test
    void aGapThatIsFilledBeforeTheCursorPassesItIsStoredToo() {
        position.read(List.of(1L, 3L));
        position.read(List.of(2L));
        position.acknowledged(List.of(1L, 3L));
        assertThat(position.cursor()).isEqualTo(new OutboxCursor(3, List.of(SeqRange.of(2))));
    }

    @Test
    void aSettledGapLeavesTheStoredListButNotARowThatIsInFlight() {
        position.read(List.of(5L));
        position.acknowledged(List.of(5L));
        position.read(List.of(2L));
        assertThat(position.settle(4)).containsExactly(SeqRange.of(1), new SeqRange(3, 4));
        assertThat(position.cursor()).isEqualTo(new OutboxCursor(5, List.of(SeqRange.of(2))));
    }

    @Test
    void goesOnFromTheStoredCursor() {
        OutboxPosition next = new OutboxPosition(new OutboxCursor(9, List.of(SeqRange.of(4))));
        assertThat(next.readThrough()).isEqualTo(9);
        assertThat(next.read(List.of(4L, 10L))).isEmpty();
        next.acknowledged(List.of(4L, 10L));
        assertThat(next.cursor()).isEqualTo(new OutboxCursor(10, List.of()));
    }

    @Test
    void aRowInNoOpenGapIsLateAndStillStoredUntilItIsAcknowledged() {
        position.read(List.of(2L));
        position.acknowledged(List.of(2L));
        position.settle(1);
        assertThat(position.read(List.of(1L))).containsExactly(1L);
        assertThat(position.cursor()).isEqualTo(new OutboxCursor(2, List.of(SeqRange.of(1))));
        position.acknowledged(List.of(1L));
        assertThat(position.cursor()).isEqualTo(new OutboxCursor(2, List.of()));
    }

    @Test
    void readsOnlyGapsWhileThereAreTooMany() {
        position.read(LongStream.rangeClosed(1, OutboxPosition.OPEN_GAPS_MAX + 1)
                .map(i -> 2 * i)
                .boxed()
                .toList());
        assertThat(position.mayAdvance()).isFalse();
        position.read(List.of(1L));
        assertThat(position.mayAdvance()).isTrue();
    }
}
