package dev.doorbell.system.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderlyStopTest {
    @Test
    void endOfItsOwnOrBySigtermIsInOrder() {
        List.of(0, 143)
                .forEach(code -> assertThat(OrderlyStop.of("x", () -> code)).isEmpty());
    }

    @Test
    void anyOtherExitCodeIsNot() {
        List.of(1, 137, -1)
                .forEach(code -> assertThat(OrderlyStop.of("customer-1", () -> code))
                        .get()
                        .asString()
                        .contains("customer-1", "exit code " + code));
    }

    @Test
    void endThatTakesTooLongIsNot() {
        assertThat(OrderlyStop.of("x", Duration.ofNanos(-1), () -> 0))
                .get()
                .asString()
                .contains("took");
    }

    @Test
    void noEndIsNot() {
        assertThat(OrderlyStop.of("x", () -> {
                    throw new AssertionError("has not ended in 60 s");
                }))
                .get()
                .asString()
                .contains("has not ended");
    }
}
