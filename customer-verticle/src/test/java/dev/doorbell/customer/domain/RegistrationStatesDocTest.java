package dev.doorbell.customer.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/registration-states.md draws the tables as they are. */
class RegistrationStatesDocTest {
    private final String document = read();

    @Test
    void theDiagramShowsEveryTransitionAndNoOther() {
        String diagram = RegistrationTransitions.TABLE.stream()
                .map(transition -> "    %s --> %s : %s / %s\n"
                        .formatted(
                                transition.from(),
                                transition.to(),
                                transition.trigger(),
                                String.join(", ", transition.events())))
                .collect(Collectors.joining());
        assertThat(document)
                .contains("stateDiagram-v2\n    [*] --> REGISTRATION_PENDING\n" + diagram
                        + "    REGISTRATION_SUCCESS --> [*]\n    REGISTRATION_FAILED --> [*]\n```");
    }

    @Test
    void theTableOfStepsShowsEveryStep() {
        String rows = RegistrationSaga.STEPS.stream()
                .map(step -> "| %s | %s | %s | %s | %s | %s |\n"
                        .formatted(
                                step.name(),
                                step.participant().name().toLowerCase(Locale.ROOT),
                                step.kind().name().toLowerCase(Locale.ROOT),
                                cell(step.triggers()),
                                cell(step.events()),
                                step.compensation() == null ? "" : step.compensation()))
                .collect(Collectors.joining());
        assertThat(document).contains("| --- | --- | --- | --- | --- | --- |\n" + rows);
    }

    private static String cell(Set<String> names) {
        return names.stream().sorted().collect(Collectors.joining(", "));
    }

    private static String read() {
        try {
            return Files.readString(Path.of("../docs/registration-states.md")).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
