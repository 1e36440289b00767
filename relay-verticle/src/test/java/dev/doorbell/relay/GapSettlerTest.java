package dev.doorbell.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class GapSettlerTest {
    private static final long ALL = Long.MAX_VALUE;

    private final GapSettler settler = new GapSettler();

    @Test
    void settlesOnlyByAReadThatBeganAfterTheWritersWereGone() {
        settler.look(Set.of("3/1"), 10, 5);
        assertThat(settler.settledThrough(5, ALL)).isZero();
        assertThat(settler.look(Set.of(), 0, 7)).isTrue();
        assertThat(settler.settledThrough(6, ALL)).as("began before the look").isZero();
        assertThat(settler.settledThrough(7, ALL)).isEqualTo(10);
        assertThat(settler.notedThrough()).isZero();
    }

    @Test
    void newcomersDoNotProlongTheWait() {
        settler.look(Set.of("3/1"), 10, 1);
        assertThat(settler.look(Set.of("4/1", "3/2"), 0, 2)).isTrue();
        assertThat(settler.settledThrough(2, ALL)).isEqualTo(10);
    }

    @Test
    void oneSlowWriterAmongManyKeepsTheGapOpen() {
        settler.look(Set.of("3/1", "9/9"), 10, 1);
        for (int look = 2; look < 100; look++) {
            assertThat(settler.look(Set.of("9/9", "3/" + look), 0, look)).isFalse();
            assertThat(settler.settledThrough(look, ALL)).isZero();
        }
        settler.look(Set.of("3/100"), 0, 100);
        assertThat(settler.settledThrough(100, ALL)).isEqualTo(10);
    }

    @Test
    void aReadThatWasCutSettlesOnlyWhatItLookedAt() {
        settler.look(Set.of(), 10, 1);
        assertThat(settler.settledThrough(1, 4)).isEqualTo(4);
        assertThat(settler.settledThrough(2, ALL)).isEqualTo(10);
    }

    @Test
    void laterGapsHaveTheirOwnNote() {
        settler.look(Set.of("3/1"), 10, 1);
        settler.look(Set.of("3/1", "4/1"), 20, 2);
        settler.look(Set.of("4/1"), 0, 3);
        assertThat(settler.settledThrough(3, ALL)).isEqualTo(10);
        settler.look(Set.of(), 0, 4);
        assertThat(settler.settledThrough(4, ALL)).isEqualTo(20);
    }

    @Test
    void aPreparedTransactionThatMayBeANotedWriterKeepsTheGapOpen() {
        settler.look(Set.of("3/1"), 10, 1);
        assertThat(settler.look(Set.of("-1/700"), 0, 2)).isFalse();
        assertThat(settler.look(Set.of("-1/700"), 0, 3)).isFalse();
        settler.look(Set.of(), 0, 4);
        assertThat(settler.settledThrough(4, ALL)).isEqualTo(10);
    }

    @Test
    void aPreparedTransactionJoinsWhileAnyUnpreparedWriterIsNoted() {
        settler.look(Set.of("3/1", "4/1"), 10, 1);
        settler.look(Set.of("4/1", "-1/700"), 0, 2);
        assertThat(settler.look(Set.of("-1/700", "-1/701"), 0, 3)).isFalse();
        assertThat(settler.look(Set.of("-1/701"), 0, 4)).as("701 may be 4/1").isFalse();
        assertThat(settler.look(Set.of("-1/702"), 0, 5))
                .as("only prepared ones were left")
                .isTrue();
    }

    @Test
    void aPreparedTransactionSeenBeforeTheNoteIsNoneOfItsWriters() {
        settler.look(Set.of("-1/600"), 0, 1);
        settler.look(Set.of("-1/600", "3/1"), 10, 2);
        settler.look(Set.of("-1/600", "3/1"), 0, 3);
        assertThat(settler.look(Set.of("-1/600"), 0, 4))
                .as("600 itself held the lock when the note was taken")
                .isFalse();
        assertThat(settler.look(Set.of("-1/601"), 0, 5)).isTrue();
    }

    @Test
    void gapsWaitWhenTheNotesAreFull() {
        for (int i = 1; i <= GapSettler.NOTES_MAX + 3; i++) {
            settler.look(Set.of("3/1"), i * 10L, i);
        }
        assertThat(settler.notedThrough()).isEqualTo(GapSettler.NOTES_MAX * 10L);
        settler.look(Set.of(), 0, 50);
        assertThat(settler.settledThrough(50, ALL)).isEqualTo(GapSettler.NOTES_MAX * 10L);
    }
}
