package dev.doorbell.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProducerToolTest {
    @Test
    void takesTheRateOfTheWholeAndNotOfTheWarmUpOrAnInterval() {
        assertThat(ProducerTool.rate(List.of(
                        "Warmup first 1000 records. Steady state results will print after the complete test summary.",
                        "5000 records sent, 1000.0 records/sec (0.24 MB/sec), 1.0 ms avg latency, 2.0 ms max latency.",
                        "9000 records sent, 3000.5 records/sec (0.72 MB/sec), 1.0 ms avg latency",
                        "8000 steady state records sent, 4000.5 records/sec (0.95 MB/sec), 1.0 ms avg latency")))
                .isEqualTo(4_000.5);
    }

    @Test
    void tellsWhatItCannotRead() {
        assertThatThrownBy(() -> ProducerTool.rate(List.of("no broker"))).hasMessageContaining("no broker");
    }
}
