package dev.doorbell.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PayloadTest {
    @Test
    void readsBackWhatItWrote() {
        Payload payload = new Payload(123_456_789L, 1_790_000_000_123_456L);

        assertThat(payload.bytes()).hasSize(Payload.BYTES);
        assertThat(Payload.parse(payload.bytes())).isEqualTo(payload);
    }

    @Test
    void isJson() {
        assertThat(new String(new Payload(7, 9).bytes(), StandardCharsets.UTF_8))
                .startsWith("{\"n\":\"000000000007\",\"t\":\"0000000000000009\",\"f\":\"")
                .endsWith("\"}");
    }

    @Test
    void differsFromEventToEvent() {
        String one = new String(new Payload(1, 0).bytes(), StandardCharsets.UTF_8);
        String two = new String(new Payload(2, 0).bytes(), StandardCharsets.UTF_8);

        // Of the 96 digits some are equal by chance.
        long same = java.util.stream.IntStream.range(0, Payload.BYTES)
                .filter(i -> one.charAt(i) == two.charAt(i))
                .count();
        assertThat(same).isLessThan(Payload.BYTES - 60);
    }

    @Test
    void refusesWhatIsNoPayload() {
        byte[] damaged = new Payload(1, 2).bytes();
        damaged[6] = 'x';

        assertThatThrownBy(() -> Payload.parse(damaged)).hasMessageContaining("no digit at 6");
        assertThatThrownBy(() -> Payload.parse("{}".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("{}");
        assertThatThrownBy(() -> Payload.parse(null)).isInstanceOf(IllegalArgumentException.class);
    }
}
