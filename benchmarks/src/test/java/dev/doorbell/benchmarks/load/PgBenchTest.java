package dev.doorbell.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PgBenchTest {
    @Test
    void readsWhatPgbenchPrints() {
        Writers.Done done = PgBench.parse(List.of(
                "pgbench (15.18, server 18.6)",
                "number of transactions actually processed: 12345",
                "number of failed transactions: 0 (0.000%)",
                "latency average = 5.1 ms",
                "tps = 11900.500000 (without initial connection time)"));

        assertThat(done.transactions()).isEqualTo(12_345);
        assertThat(done.transactionsPerS()).isEqualTo(11_900.5);
    }

    @Test
    void tellsWhatItCannotRead() {
        assertThatThrownBy(() -> PgBench.parse(List.of("connection refused")))
                .hasMessageContaining("connection refused");
    }

    @Test
    void withoutATransactionThereIsNoRate() {
        assertThat(PgBench.parse(List.of("number of transactions actually processed: 0")))
                .isEqualTo(new Writers.Done(0, 0));
    }

    @Test
    void severalStatementsAreOneTransaction() {
        assertThat(WriterScript.AGGREGATE_AND_EVENT.text().lines()).first().isEqualTo("BEGIN;");
        assertThat(WriterScript.AGGREGATE_AND_EVENT.text()).endsWith("COMMIT;\n");
        assertThat(WriterScript.REGISTRATION.text().lines()).hasSize(1);
    }
}
