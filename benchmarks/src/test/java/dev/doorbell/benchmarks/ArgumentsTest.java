package dev.doorbell.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doorbell.benchmarks.report.Target;
import dev.doorbell.benchmarks.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    @Test
    void withoutArgumentsEverythingIsMeasured() {
        Arguments arguments = Arguments.parse(new String[0]);

        assertThat(arguments.quick()).isFalse();
        assertThat(arguments.rounds()).isEqualTo(3);
        assertThat(Catalogue.select(arguments))
                .extracting(Scenario::name)
                .contains("writers", "latency-1000", "backlog", "registrations")
                .doesNotHaveDuplicates();
    }

    @Test
    void quickIsAPartUnlessOthersAreAskedFor() {
        assertThat(Catalogue.select(Arguments.parse(new String[] {"--quick"})))
                .extracting(Scenario::name)
                .contains("backlog")
                .doesNotContain("retained-rows");
        assertThat(Catalogue.select(Arguments.parse(new String[] {"--quick", "--scenarios", "retained-rows"})))
                .extracting(Scenario::name)
                .containsExactly("retained-rows");
    }

    @Test
    void onlyWhatWasAskedFor() {
        Arguments arguments = Arguments.parse(
                new String[] {"--quick", "--rounds", "2", "--scenarios", "backlog", "--contenders", "doorbell,polling"
                });

        assertThat(arguments.quick()).isTrue();
        assertThat(arguments.rounds()).isEqualTo(2);
        assertThat(Catalogue.select(arguments))
                .singleElement()
                .satisfies(backlog -> assertThat(backlog.subjects())
                        .extracting(Scenario.Subject::name)
                        .containsExactly("doorbell", "doorbell-debezium-headers", "polling", "kafka-producer-tool"));
    }

    @Test
    void contendersCountInEveryScenarioThatHasAChoice() {
        assertThat(Catalogue.select(Arguments.parse(
                        new String[] {"--scenarios", "xmin-held,retained-rows", "--contenders", "doorbell"})))
                .flatExtracting(Scenario::subjects)
                .extracting(Scenario.Subject::name)
                .containsExactly("doorbell", "doorbell-held", "doorbell", "doorbell-retained");
        assertThat(Catalogue.select(Arguments.parse(new String[] {"--contenders", "debezium"})))
                .extracting(Scenario::name)
                .contains("latency-1000")
                .doesNotContain("xmin-held", "retained-rows");
    }

    @Test
    void goalsNameScenariosThatThereAre() {
        List<String> names = new ArrayList<>(List.of("all"));
        Catalogue.select(Arguments.parse(new String[0])).forEach(scenario -> names.add(scenario.name()));

        assertThat(Goals.all()).extracting(Target::scenario).isSubsetOf(names);
    }

    @Test
    void quickTakesOneRoundUnlessMoreAreAskedFor() {
        assertThat(Arguments.parse(new String[] {"--quick"}).rounds()).isEqualTo(1);
        assertThat(Arguments.parse(new String[] {"--quick", "--rounds", "2"}).rounds())
                .isEqualTo(2);
    }

    @Test
    void namesWhatItCannotUnderstand() {
        assertThatThrownBy(() -> Arguments.parse(new String[] {"--fast"})).hasMessageContaining("\"--fast\"");
        assertThatThrownBy(() -> Arguments.parse(new String[] {"--rounds"})).hasMessageContaining("needs a value");
        assertThatThrownBy(() -> Arguments.parse(new String[] {"--rounds", "0"}))
                .hasMessageContaining("between 1 and");
        assertThatThrownBy(() -> Catalogue.select(Arguments.parse(new String[] {"--scenarios", "speed"})))
                .hasMessageContaining("\"speed\"")
                .hasMessageContaining("backlog");
        assertThatThrownBy(() -> Catalogue.select(
                        Arguments.parse(new String[] {"--scenarios", "retained-rows", "--contenders", "debezium"})))
                .hasMessageContaining("\"retained-rows\"")
                .hasMessageContaining("debezium");
        assertThatThrownBy(() -> Catalogue.select(Arguments.parse(new String[] {"--contenders", "magic"})))
                .hasMessageContaining("\"magic\"");
    }
}
