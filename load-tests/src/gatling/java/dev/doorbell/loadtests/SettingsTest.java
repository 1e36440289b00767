package dev.doorbell.loadtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void takesWhatIsWellFormed() {
        assertThat(Settings.of("https://example.test:8443/", "2.5", "30"))
                .isEqualTo(new Settings("https://example.test:8443", 2.5, 30));
    }

    @Test
    void namesWhatIsNot() {
        assertThatThrownBy(() -> Settings.of("localhost", "1", "1")).hasMessageContaining("-DbaseUrl");
        assertThatThrownBy(() -> Settings.of("http://localhost/customers", "1", "1"))
                .hasMessageContaining("-DbaseUrl");
        assertThatThrownBy(() -> Settings.of("http://localhost", "0", "1")).hasMessageContaining("-Drate");
        assertThatThrownBy(() -> Settings.of("http://localhost", "many", "1")).hasMessageContaining("-Drate");
        assertThatThrownBy(() -> Settings.of("http://localhost", "1", "0")).hasMessageContaining("-Dduration");
    }

    @Test
    void usernamesAreLettersAlone() {
        assertThat(Customers.username()).matches("[a-z]{18}").isNotEqualTo(Customers.username());
    }
}
