package dev.doorbell.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Iso8601Test {
    private final Iso8601 iso8601 = new Iso8601();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1970-01-01T00:00:00Z",
                "1970-01-01T00:00:00.000001Z",
                "1969-12-31T23:59:59.999Z",
                "2026-01-31T12:00:00.100Z",
                "2026-01-31T12:00:00.000000001Z",
                "2026-01-31T12:00:00.123456Z",
                "9999-12-31T23:59:59.999999Z",
                "+12345-01-01T00:00:00Z",
                "-0001-01-01T00:00:00.500Z"
            })
    void writesAsInstantDoes(String text) {
        assertThat(format(Instant.parse(text))).isEqualTo(text);
    }

    /** One after the other, so that what is kept of the last one is met. */
    @Test
    void writesAnyMomentsAsInstantDoes() {
        Random random = new Random(20260131);
        for (int i = 0; i < 10_000; i++) {
            int[] units = {1, 1_000, 1_000_000, 1_000_000_000};
            int unit = units[random.nextInt(units.length)];
            Instant moment = Instant.ofEpochSecond(
                    1_700_000_000L + random.nextInt(3), random.nextInt(1_000_000_000) / unit * unit);
            assertThat(format(moment)).isEqualTo(moment.toString());
        }
    }

    private String format(Instant moment) {
        return iso8601.format(moment.getEpochSecond(), moment.getNano());
    }
}
