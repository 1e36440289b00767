package dev.doorbell.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.doorbell.service.ConfigException;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Setting;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaymentConfigTest {
    private static final String URL = "postgresql://u:very-secret@db:5432/payments";

    @Test
    void needsNothingButItsDatabase() {
        PaymentConfig config = PaymentConfig.read(new Environment(Map.of("DATABASE_URL", URL)));

        assertThat(config.httpPort()).isEqualTo(9991);
        assertThat(config.consumerGroup()).isEqualTo("payment-verticle");
        assertThat(config.inboxRetention()).isGreaterThan(Duration.ofDays(14));
        assertThat(config.fee().decimal()).isEqualTo("2.00");
        assertThat(config.fee().currency().getCurrencyCode()).isEqualTo("EUR");
        assertThat(config.payee().name()).isNotBlank();
    }

    @Test
    void namesEveryWrongSettingAtOnceAndNoSecret() {
        Map<String, String> wrong = new HashMap<>();
        wrong.put("DATABASE_URL", "mysql://u:very-secret@db/payments");
        wrong.put("HTTP_PORT", "ninety");
        wrong.put("AUTHORIZATION_FEE", "-1");
        wrong.put("AUTHORIZATION_CURRENCY", "EURO");

        ConfigException refusal = read(wrong);

        assertThat(refusal.problems())
                .hasSize(4)
                .anyMatch(line -> line.startsWith("DATABASE_URL "))
                .anyMatch(line -> line.startsWith("HTTP_PORT \"ninety\" "))
                .anyMatch(line -> line.startsWith("AUTHORIZATION_FEE \"-1\" "))
                .anyMatch(line -> line.startsWith("AUTHORIZATION_CURRENCY \"EURO\" "));
        assertThat(refusal).hasMessageNotContaining("very-secret");
    }

    @ParameterizedTest
    @CsvSource({"2.005, EUR", "2.50, JPY", "2.00, XAU"})
    void aFeeThatTheCurrencyCannotHoldNamesBothSettings(String fee, String currency) {
        ConfigException refusal =
                read(Map.of("DATABASE_URL", URL, "AUTHORIZATION_FEE", fee, "AUTHORIZATION_CURRENCY", currency));

        assertThat(refusal.problems())
                .singleElement()
                .asString()
                .startsWith("AUTHORIZATION_FEE with AUTHORIZATION_CURRENCY: ");
    }

    @Test
    void listsEverySettingThatTheProjectNames() {
        assertThat(PaymentConfig.SETTINGS)
                .extracting(Setting::name)
                .containsExactlyInAnyOrder(
                        "HTTP_PORT",
                        "DATABASE_URL",
                        "DATABASE_POOL_SIZE",
                        "KAFKA_BOOTSTRAP_SERVERS",
                        "CONSUMER_GROUP",
                        "INBOX_RETENTION_HOURS",
                        "AUTHORIZATION_FEE",
                        "AUTHORIZATION_CURRENCY",
                        "PAYEE_NAME",
                        "PAYEE_BANK_ACCOUNT",
                        "PAYEE_BANK_NAME",
                        "IDENTITY_PROVIDER",
                        "KEYCLOAK_URL",
                        "KEYCLOAK_REALM",
                        "KEYCLOAK_ISSUER",
                        "KEYCLOAK_AUDIENCE",
                        "LOG_FORMAT");
    }

    private static ConfigException read(Map<String, String> variables) {
        return catchThrowableOfType(ConfigException.class, () -> PaymentConfig.read(new Environment(variables)));
    }
}
