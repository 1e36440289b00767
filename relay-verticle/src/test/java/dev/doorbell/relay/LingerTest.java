package dev.doorbell.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LingerTest {
    private static final long MS = 1_000_000;
    private static final int LONGEST_MS = 40;

    private final Linger linger = new Linger(LONGEST_MS, 0);
    private long nowNs;

    @Test
    void aRelayThatHasJustBegunLingersLongest() {
        assertThat(linger.isOver(39 * MS)).isFalse();
        assertThat(linger.isOver(40 * MS)).isTrue();
    }

    @Test
    void eventsThatFollowEachOtherCloselyKeepItUpThroughAPause() {
        findEvery(10, 100);
        assertThat(linger.isOver(nowNs + 39 * MS)).isFalse();
        assertThat(linger.isOver(nowNs + 40 * MS)).isTrue();
    }

    @Test
    void rareEventsAreNotWaitedForLong() {
        findEvery(1_000, 100);
        assertThat(linger.isOver(nowNs + 3 * MS)).isFalse();
        assertThat(linger.isOver(nowNs + 4 * MS)).isTrue();
    }

    @Test
    void inBetweenItLingersTheLessTheRarerTheyAre() {
        findEvery(20, 200);
        assertThat(linger.isOver(nowNs + 19 * MS)).isFalse();
        assertThat(linger.isOver(nowNs + 21 * MS)).isTrue();
    }

    @Test
    void aBurstAfterALongSilenceIsSoonTakenForOne() {
        findEvery(10, 100);
        findEvery(60_000, 1);
        findEvery(1, 20);
        assertThat(linger.isOver(nowNs + 39 * MS)).isFalse();
    }

    @Test
    void aRingBeginsTheLingerAndIsNoFind() {
        findEvery(1_000, 100);
        nowNs += 1_000 * MS;
        linger.begin(nowNs);
        assertThat(linger.isOver(nowNs)).isFalse();
        linger.found(nowNs + MS, 1);
        assertThat(linger.isOver(nowNs + 5 * MS)).isTrue();
    }

    @Test
    void itLooksTheLessOftenTheLongerItFindsNothing() {
        assertThat(linger.pauseMicros(0)).isEqualTo(100);
        assertThat(linger.pauseMicros(8 * MS)).isEqualTo(2_000);
        assertThat(linger.pauseMicros(12 * MS)).isEqualTo(3_000);
        assertThat(linger.pauseMicros(39 * MS)).isEqualTo(5_000);
        assertThat(linger.pauseMicros(100 * MS)).as("kept awake by Kafka").isEqualTo(25_000);
        assertThat(linger.pauseMicros(1_000 * MS)).as("kept awake by Kafka").isEqualTo(50_000);
    }

    @Test
    void whereRowsComeFastItLooksLessOften() {
        findRowsPerMs(4);
        assertThat(linger.pauseMicros(nowNs)).isEqualTo(1_000);
        findRowsPerMs(1);
        assertThat(linger.pauseMicros(nowNs)).isEqualTo(100);
        findRowsPerMs(2);
        assertThat(linger.pauseMicros(nowNs)).as("half a millisecond apart").isBetween(395L, 405L);
    }

    /** Three that come together and one by itself are four, and not half of the finds far apart. */
    @Test
    void itIsTheMeanOverAllRowsThatCounts() {
        for (int i = 0; i < 50; i++) {
            nowNs += 19 * MS / 10;
            linger.found(nowNs, 1);
            nowNs += MS / 10;
            linger.found(nowNs, 3);
        }
        assertThat(linger.pauseMicros(nowNs)).isBetween(400L, 600L);
    }

    private void findRowsPerMs(int rows) {
        for (int i = 0; i < 50; i++) {
            nowNs += MS;
            linger.found(nowNs, rows);
        }
    }

    private void findEvery(long ms, int times) {
        for (int i = 0; i < times; i++) {
            nowNs += ms * MS;
            linger.found(nowNs, 1);
        }
    }
}
