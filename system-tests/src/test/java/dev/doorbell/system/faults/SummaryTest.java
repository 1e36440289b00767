package dev.doorbell.system.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.system.faults.history.Call;
import dev.doorbell.system.faults.history.Outcome;
import dev.doorbell.system.faults.history.Violation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private static final Timetable TIMETABLE = Timetable.draw(7, Duration.ofSeconds(60));

    @Test
    void countsRunsCallsViolationsAndWhatHit() {
        Summary summary = new Summary();
        summary.add(result(2, true, List.of()));
        summary.add(result(4, false, List.of(new Violation("some-rule", "broken"))));

        assertThat(summary.json().getInteger("runs")).isEqualTo(2);
        assertThat(summary.json().getLong("loadSeconds")).isEqualTo(120);
        assertThat(summary.json().getLong("acknowledged")).isEqualTo(4);
        assertThat(summary.json().getLong("unknown")).isEqualTo(2);
        assertThat(summary.json().getLong("violations")).isEqualTo(1);
        assertThat(summary.json().getDouble("restSecondsP50")).isEqualTo(2);
        assertThat(summary.json().getDouble("restSecondsMax")).isEqualTo(4);
        summary.addAtEnd(List.of(new Violation("stops-in-order", "late")));
        assertThat(summary.violations()).isEqualTo(2);
        String kind = TIMETABLE.faults().get(0).fault().kind();
        assertThat(summary.faults().get(kind)).isEqualTo(new Summary.Count(2, 1));
        assertThat(summary.toString()).contains("2 runs", "2 violations", kind);
    }

    @Test
    void reportOfViolationsSaysHowToRepeatTheRun() {
        MixResult result = result(2, true, List.of(new Violation("some-rule", "broken")));
        assertThat(Worlds.report(result, Path.of("kept")))
                .contains("seed 7", "mvn verify -Pfaults -Dseed=7 -Dseconds=60", "some-rule: broken", "kept");
    }

    @Test
    void lineOfARunNamesTheFaultThatMissed() {
        assertThat(result(2, false, List.of()).line()).contains("(MISSED)");
        assertThat(result(2, true, List.of()).line()).doesNotContain("MISSED").contains("2 acknowledged");
    }

    @Test
    void percentilesAreOfTheNearestRank() {
        List<Duration> hundred =
                IntStream.rangeClosed(1, 100).mapToObj(Duration::ofSeconds).toList();
        assertThat(Percentiles.seconds(hundred, 50)).isEqualTo(50);
        assertThat(Percentiles.seconds(hundred, 99)).isEqualTo(99);
        assertThat(Percentiles.seconds(hundred.subList(0, 20), 99)).isEqualTo(20);
        assertThat(Percentiles.seconds(List.of(), 99)).isZero();
    }

    private static MixResult result(int restSeconds, boolean hit, List<Violation> violations) {
        List<Conductor.Outcome> faults = List.of(
                new Conductor.Outcome(TIMETABLE.faults().get(0).fault(), hit, List.of(), Duration.ZERO, Duration.ZERO));
        List<Call> calls = List.of(call(1, Outcome.OK), call(2, Outcome.OK), call(3, Outcome.UNKNOWN));
        return new MixResult(TIMETABLE, faults, calls, violations, new Rest(Duration.ofSeconds(restSeconds), null));
    }

    private static Call call(long number, Outcome outcome) {
        Instant now = Instant.EPOCH;
        return new Call(number, "u", now, now, outcome, outcome == Outcome.OK ? 202 : 0, UUID.randomUUID());
    }
}
