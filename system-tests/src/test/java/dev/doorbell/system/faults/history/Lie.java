package dev.doorbell.system.faults.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;

/** A history in which one thing is not true. */
final class Lie {
    private Lie() {}

    /** Requires that the invariant sees the lie; others may see it too. */
    static void isSeenBy(String invariant, Consumer<SampleHistory> lie) {
        SampleHistory history = SampleHistory.good();
        lie.accept(history);
        assertThat(history.check())
                .as("violations")
                .extracting(Violation::invariant)
                .contains(invariant);
    }

    /** Requires that nothing but this invariant sees the lie. */
    static void isSeenOnlyBy(String invariant, Consumer<SampleHistory> lie) {
        SampleHistory history = SampleHistory.good();
        lie.accept(history);
        assertThat(history.check())
                .as("violations")
                .extracting(Violation::invariant)
                .containsOnly(invariant);
    }
}
