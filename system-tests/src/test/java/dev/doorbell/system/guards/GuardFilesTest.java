package dev.doorbell.system.guards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The guards fit the code as it is, and {@code docs/guards.md} shows them. Replaying them takes {@code -Pguards}. */
class GuardFilesTest {
    private static final int SEEN_LENGTH_MIN = 4;

    private final Path root = GuardFiles.root();
    private final List<GuardArea> areas = GuardFiles.areas();

    @Test
    void everyRuleHasANameOfItsOwn() {
        assertThat(GuardArea.all(areas)).isNotEmpty().extracting(Guard::rule).doesNotHaveDuplicates();
        // -Dguard takes either.
        assertThat(areas)
                .extracting(GuardArea::name)
                .doesNotContainAnyElementsOf(
                        GuardArea.all(areas).stream().map(Guard::rule).toList());
    }

    /** A letter or two would be seen in any failure. */
    @Test
    void everyFailureIsToldFromAnother() {
        assertThat(GuardArea.all(areas).stream()
                        .filter(guard -> guard.seen().strip().length() < SEEN_LENGTH_MIN)
                        .map(Guard::rule))
                .isEmpty();
    }

    @Test
    void everyRuleIsFoundOnceInItsFile() throws IOException {
        for (Guard guard : GuardArea.all(areas)) {
            Path file = root.resolve(guard.file());
            assertThat(file).as(guard.rule()).exists();
            String source = Files.readString(file);
            assertThat(guard.without(source)).as(guard.rule()).isNotEqualTo(source);
        }
    }

    /** By its source: the modules' test classes are there only when the whole build has run. */
    @Test
    void everyTestExists() throws IOException {
        for (Guard guard : GuardArea.all(areas)) {
            String[] classAndMethod = guard.test().split("#");
            Path source = root.resolve(guard.module())
                    .resolve("src/test/java")
                    .resolve(classAndMethod[0].replaceFirst("\\$.*", "").replace('.', '/') + ".java");
            assertThat(source).as(guard.rule()).exists();
            assertThat(Files.readString(source))
                    .as(guard.rule())
                    .containsPattern("\\b" + Pattern.quote(classAndMethod[1]) + "\\(");
        }
    }

    @Test
    void thePageIsCurrent() throws IOException {
        String page = GuardsPage.of(areas);
        if (Boolean.getBoolean("guards.write")) {
            Files.writeString(GuardFiles.page(), page);
        }
        assertThat(Files.readString(GuardFiles.page()).lines())
                .as("docs/guards.md; write it anew with -Dguards.write=true")
                .containsExactlyElementsOf(page.lines().toList());
    }
}
