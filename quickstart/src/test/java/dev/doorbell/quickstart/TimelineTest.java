package dev.doorbell.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class TimelineTest {
    /** Different partitions: the customer's last event may be read before the payment's. */
    @Test
    void itIsCompleteWithTheLastEventsOfBothSides() {
        assertThat(Timeline.isComplete(Set.of("CustomerPendingRegistrationEvent")))
                .isFalse();
        assertThat(Timeline.isComplete(Set.of("CustomerPendingRegistrationEvent", "CustomerRegisteredEvent")))
                .isFalse();
        assertThat(Timeline.isComplete(Set.of("PaymentAuthorizedEvent"))).isFalse();
        assertThat(Timeline.isComplete(Set.of("PaymentAuthorizedEvent", "CustomerRegisteredEvent")))
                .isTrue();
        assertThat(Timeline.isComplete(Set.of("PaymentNotAuthorizedEvent", "CustomerNotRegisteredEvent")))
                .isTrue();
    }
}
