package dev.doorbell.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class QuickstartArgumentsTest {
    @Test
    void withoutArgumentsItStaysUpAndKeepsNothing() {
        assertThat(QuickstartArguments.parse(new String[0])).isEqualTo(new QuickstartArguments(false, null, false));
    }

    @Test
    void exitAndDirectoryGoTogether() {
        assertThat(QuickstartArguments.parse(new String[] {"--exit", "--directory", "data"}))
                .isEqualTo(new QuickstartArguments(true, Path.of("data"), false));
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatThrownBy(() -> QuickstartArguments.parse(new String[] {"--quit"}))
                .hasMessageContaining("--quit");
        assertThatThrownBy(() -> QuickstartArguments.parse(new String[] {"--directory"}))
                .hasMessageContaining("--directory");
    }
}
