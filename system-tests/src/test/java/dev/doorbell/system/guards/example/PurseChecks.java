package dev.doorbell.system.guards.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Not run by the build, as the name says; {@link dev.doorbell.system.guards.GuardRunnerTest} has it run. */
class PurseChecks {
    @Test
    void coinsAreKept() {
        Purse purse = new Purse();
        purse.put(2);
        assertEquals(2, purse.coins(), "coins");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 0, -1})
    void nobodyPutsLessThanNothing(int coins) {
        if (coins < 0) {
            assertThrows(IllegalArgumentException.class, () -> new Purse().put(coins));
        } else {
            new Purse().put(coins);
        }
    }

    @Test
    void alwaysRed() {
        fail("red as ever");
    }

    @Test
    @Disabled("for the guards to see")
    void neverRun() {}

    @Test
    void neverEnds() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    @Test
    void endsItsJvm() {
        Runtime.getRuntime().halt(7);
    }

    static class InBrokenClass {
        @BeforeAll
        static void setUp() {
            fail("no stack today");
        }

        @Test
        void isNotReached() {}
    }
}
