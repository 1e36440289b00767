package dev.doorbell.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AuditTest {
    private static final long SENT_MICROS = 1_790_000_000_000_000L;

    private final Audit audit = new Audit(100, 4);

    @Test
    void findsNothingWrongWithAllInOrder() {
        add("a", 100);
        add("b", 101);
        add("a", 102);
        add("b", 103);

        assertThat(audit.lost()).isZero();
        assertThat(audit.duplicates()).isZero();
        assertThat(audit.orderViolations()).isZero();
    }

    @Test
    void countsWhatIsMissing() {
        add("a", 100);
        add("a", 103);

        assertThat(audit.lost()).isEqualTo(2);
    }

    @Test
    void countsRepeatsAndDoesNotTakeThemForDisorder() {
        add("a", 100);
        add("a", 101);
        add("a", 100);

        assertThat(audit.duplicates()).isEqualTo(1);
        assertThat(audit.orderViolations()).isZero();
        assertThat(audit.lost()).isEqualTo(2);
    }

    @Test
    void countsRepeatsOfTheWarmUp() {
        add("a", 99);

        assertThat(audit.duplicates()).isEqualTo(1);
        assertThat(audit.lost()).isEqualTo(4);
    }

    @Test
    void countsFirstOccurrencesThatComeTooLate() {
        add("a", 101);
        add("a", 103);
        add("a", 100);
        add("a", 102);

        assertThat(audit.orderViolations()).isEqualTo(2);
    }

    @Test
    void doesNotCompareAggregates() {
        add("a", 103);
        add("b", 100);

        assertThat(audit.orderViolations()).isZero();
    }

    @Test
    void latencyEndsInTheMiddleOfTheMillisecondOfTheAppend() {
        audit.add("a", new Payload(100, SENT_MICROS + 250).bytes(), SENT_MICROS / 1_000 + 3);

        assertThat(audit.latencies().getMaxValue()).isBetween(3_249L, 3_252L);
    }

    @Test
    void eventsWithoutATimeHaveNoLatency() {
        audit.add("a", new Payload(100, 0).bytes(), 1);

        assertThat(audit.latencies().getTotalCount()).isZero();
        assertThat(audit.lost()).isEqualTo(3);
    }

    @Test
    void knowsTheFirstAndTheLastAppend() {
        audit.add("a", new Payload(101, 0).bytes(), 20);
        audit.add("b", new Payload(100, 0).bytes(), 10);
        audit.add("b", new Payload(100, 0).bytes(), 90);

        assertThat(audit.firstAppendMs()).isEqualTo(10);
        assertThat(audit.lastAppendMs()).isEqualTo(20);
    }

    private void add(String key, long number) {
        audit.add(key, new Payload(number, 0).bytes(), 1);
    }
}
