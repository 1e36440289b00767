package dev.doorbell.system.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.system.faults.Timetable.Planned;
import dev.doorbell.system.faults.history.Violation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConductorTest {
    /** What happened, in its order. */
    private final List<String> done = new CopyOnWriteArrayList<>();

    @Test
    void faultsBeginAndEndInTheOrderOfTheirTimes() {
        play(planned(0, new Recorded("first", 300)), planned(100, new Recorded("second", 50)));
        assertThat(done).containsExactly("begin first", "begin second", "end second", "end first");
    }

    @Test
    void faultThatDidNotHitIsSaidToHaveMissed() {
        Recorded missing = new Recorded("missing", 0);
        missing.hits = false;
        assertThat(play(planned(0, missing), planned(0, new Recorded("hitting", 0))))
                .extracting(Conductor.Outcome::hit)
                .containsExactly(false, true);
        assertThat(play(planned(0, missing))).singleElement().asString().contains("MISSED");
    }

    @Test
    void faultThatCouldNotBeginHasMissedAndIsUndoneAllTheSame() {
        Recorded broken = new Recorded("broken", 0);
        broken.failing = "begin";
        assertThat(play(planned(0, broken))).singleElement().satisfies(outcome -> {
            assertThat(outcome.hit()).isFalse();
            assertThat(outcome.violations()).extracting(Violation::invariant).containsExactly("fault-could-not-begin");
            assertThat(outcome.toString()).contains("MISSED", "cannot begin");
        });
        assertThat(done).containsExactly("begin broken", "end broken");
    }

    @Test
    void faultThatCannotBeUndoneIsAViolation() {
        Recorded broken = new Recorded("broken", 0);
        broken.failing = "end";
        assertThat(play(planned(0, broken), planned(0, new Recorded("whole", 0))))
                .flatExtracting(Conductor.Outcome::violations)
                .extracting(Violation::toString)
                .singleElement()
                .asString()
                .startsWith("fault-could-not-end: broken on nothing")
                .contains("cannot end");
    }

    @Test
    void faultThatBeginsLateLastsAsLongAsItShould() {
        Recorded slow = new Recorded("slow", 200);
        Conductor.Outcome outcome = play(planned(100, slow)).get(0);
        assertThat(outcome.begun()).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        assertThat(outcome.ended().minus(outcome.begun())).isGreaterThanOrEqualTo(Duration.ofMillis(195));
    }

    private static Planned planned(long atMs, Fault fault) {
        return new Planned(Duration.ofMillis(atMs), fault);
    }

    private static List<Conductor.Outcome> play(Planned... faults) {
        try (Conductor conductor = Conductor.start(null, Stream.of(faults).toList())) {
            return conductor.await();
        }
    }

    private final class Recorded implements Fault {
        private final String kind;
        private final Duration lasts;
        private boolean hits = true;
        private String failing = "";

        Recorded(String kind, long lastsMs) {
            this.kind = kind;
            this.lasts = Duration.ofMillis(lastsMs);
        }

        @Override
        public String kind() {
            return kind;
        }

        @Override
        public String target() {
            return "nothing";
        }

        @Override
        public Duration lasts() {
            return lasts;
        }

        @Override
        public void begin(World world) {
            done("begin");
        }

        @Override
        public void end(World world) {
            done("end");
        }

        private void done(String what) {
            done.add(what + " " + kind);
            if (failing.equals(what)) {
                throw new IllegalStateException("cannot " + what);
            }
        }

        @Override
        public boolean hit() {
            return hits;
        }
    }
}
