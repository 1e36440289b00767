package dev.doorbell.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShutdownTest {
    private final List<String> closed = new ArrayList<>();
    private final Shutdown shutdown = new Shutdown();

    @Test
    void theLastOpenedIsClosedFirstAndNothingTwice() {
        shutdown.closeAtEnd(() -> closed.add("servers"));
        shutdown.closeAtEnd(() -> closed.add("services"));
        shutdown.close();
        shutdown.close();
        assertThat(closed).containsExactly("services", "servers");
    }

    @Test
    void whatCannotBeClosedDoesNotKeepTheOthersOpen() {
        shutdown.closeAtEnd(() -> closed.add("servers"));
        shutdown.closeAtEnd(() -> {
            throw new IllegalStateException("for the test");
        });
        shutdown.close();
        assertThat(closed).containsExactly("servers");
    }

    @Test
    void whatIsReadyOnlyAfterTheEndHasBegunIsClosedAtOnce() {
        shutdown.close();
        assertThatThrownBy(() -> shutdown.closeAtEnd(() -> closed.add("servers")))
                .isInstanceOf(ServicesException.class);
        assertThat(closed).containsExactly("servers");
    }
}
