package dev.doorbell.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UuidV7Test {
    /** RFC 9562, appendix A.6. */
    private static final UUID EXAMPLE = UUID.fromString("017F22E2-79B0-7CC3-98C4-DC0C0C07398F");

    private static final Instant EXAMPLE_TIME = Instant.parse("2022-02-22T19:22:22Z");

    @Test
    void theTimeIsThatOfTheStandardsExample() {
        assertThat(UuidV7.isV7(EXAMPLE)).isTrue();
        assertThat(UuidV7.timeOf(EXAMPLE)).isEqualTo(EXAMPLE_TIME);
    }

    @Test
    void anIdKnowsItsTimeAndIsNotBelowTheBoundOfIt() {
        UUID id = UuidV7.create(Clock.fixed(EXAMPLE_TIME, ZoneOffset.UTC));
        assertThat(UuidV7.isV7(id)).isTrue();
        assertThat(UuidV7.timeOf(id)).isEqualTo(EXAMPLE_TIME);
        assertThat(id.toString())
                .isGreaterThanOrEqualTo(UuidV7.lowerBound(EXAMPLE_TIME).toString());
        assertThat(id.toString())
                .isLessThan(UuidV7.lowerBound(EXAMPLE_TIME.plusMillis(1)).toString());
    }

    @Test
    void idsOfOneMillisecondDiffer() {
        Clock clock = Clock.fixed(EXAMPLE_TIME, ZoneOffset.UTC);
        assertThat(UuidV7.create(clock)).isNotEqualTo(UuidV7.create(clock));
    }

    @Test
    void otherVersionsHaveNoTime() {
        UUID random = UUID.randomUUID();
        assertThat(UuidV7.isV7(random)).isFalse();
        assertThatThrownBy(() -> UuidV7.timeOf(random)).isInstanceOf(IllegalArgumentException.class);
    }
}
