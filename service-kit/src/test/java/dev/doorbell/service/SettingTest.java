package dev.doorbell.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {
    private static final Setting<Integer> SIZE = Setting.integer("SIZE", 10, 1, 100, "rows", "how many");
    private static final Setting<BigDecimal> FEE = Setting.amount("FEE", "2.00", "the fee");
    private static final Setting<DatabaseUrl> URL = Setting.databaseUrl("URL", "the database");

    @Test
    void whatIsNotSetOrEmptyHasItsDefault() {
        assertThat(SIZE.read(Map.of())).isEqualTo(10);
        assertThat(SIZE.read(Map.of("SIZE", ""))).isEqualTo(10);
        assertThat(SIZE.read(Map.of("SIZE", " 7 "))).isEqualTo(7);
        assertThat(FEE.read(Map.of())).isEqualTo(new BigDecimal("2.00"));
    }

    @ParameterizedTest
    @CsvSource({"0, is not between 1 and 100", "101, is not between 1 and 100", "ten, is not a whole number"})
    void aWrongNumberIsNamed(String text, String problem) {
        assertThatThrownBy(() -> SIZE.read(Map.of("SIZE", text)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("SIZE \"" + text + "\" " + problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.00001", "1e16", "free"})
    void aWrongAmountIsRefused(String text) {
        assertThatThrownBy(() -> FEE.read(Map.of("FEE", text))).hasMessageStartingWith("FEE \"");
    }

    @Test
    void aSecretIsNotRepeated() {
        assertThatThrownBy(() -> URL.read(Map.of("URL", "mysql://ada:sesame@db/x")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("URL is not of the form postgresql://")
                .hasMessageNotContaining("sesame");
    }

    @Test
    void whatMustBeSetSaysSo() {
        assertThatThrownBy(() -> URL.read(Map.of())).hasMessageStartingWith("URL is not set");
    }

    @Test
    void choicesAndBootstrapServersAreChecked() {
        assertThatThrownBy(() -> Setting.logFormat().read(Map.of("LOG_FORMAT", "xml")))
                .hasMessage("LOG_FORMAT \"xml\" is not one of text, json");
        Setting<String> servers = Setting.bootstrapServers();
        assertThat(servers.read(Map.of("KAFKA_BOOTSTRAP_SERVERS", "a:1,[::1]:9092,b.c:3")))
                .isNotEmpty();
        for (String wrong : List.of("a", "a:", ":1", "a:1,", "http://a:1")) {
            assertThatThrownBy(() -> servers.read(Map.of("KAFKA_BOOTSTRAP_SERVERS", wrong)))
                    .hasMessageContaining("KAFKA_BOOTSTRAP_SERVERS");
        }
    }

    @Test
    void everyProblemIsToldAtOnce() {
        Environment environment = new Environment(Map.of("SIZE", "x", "FEE", "y"));
        environment.get(SIZE);
        environment.get(FEE);
        environment.get(URL);
        assertThatThrownBy(environment::check)
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.problems()).hasSize(3));
    }

    @Test
    void helpListsEverySettingWithDefaultAndUnit() {
        Service service = new Service("demo", "does this", List.of(SIZE, URL), (environment, metrics) -> null)
                .command("migrate", "creates the tables", (environment, arguments) -> {});
        assertThat(service.help())
                .contains("demo", "does this", "migrate", "creates the tables", "--help", "--version")
                .contains("SIZE", "how many", "rows; default 10")
                .contains("URL", "; required");
    }
}
