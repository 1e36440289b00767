package dev.doorbell.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doorbell.customer.keycloak.KeycloakConfig;
import dev.doorbell.service.ConfigException;
import dev.doorbell.service.Environment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentitySettingsTest {
    private final Map<String, String> environment = new HashMap<>(Map.of(
            "DATABASE_URL", "postgresql://u:p@localhost:5432/customers",
            "IDENTITY_PROVIDER", "keycloak",
            "KEYCLOAK_CLIENT_SECRET", "not-to-be-told"));

    @Test
    void withoutAProviderNothingOfKeycloakIsNeeded() {
        environment.remove("IDENTITY_PROVIDER");
        environment.remove("KEYCLOAK_CLIENT_SECRET");
        assertThat(read()).isEmpty();
    }

    @Test
    void theTextFormHoldsNoSecret() {
        environment.put("KEYCLOAK_URL", "https://keycloak.example/");
        assertThat(read().orElseThrow())
                .hasToString("Keycloak https://keycloak.example, realm doorbell, client customer-verticle");
    }

    @Test
    void theSecretMustBeGiven() {
        environment.remove("KEYCLOAK_CLIENT_SECRET");
        assertThatThrownBy(this::read)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("KEYCLOAK_CLIENT_SECRET is not set");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keycloak:8080",
                "ftp://keycloak",
                "http://user:secret@keycloak",
                "http://keycloak?x=1",
                "http:// "
            })
    void whatIsNoUrlIsRefused(String url) {
        environment.put("KEYCLOAK_URL", url);
        assertThatThrownBy(this::read).isInstanceOf(ConfigException.class).hasMessageContaining("KEYCLOAK_URL");
    }

    @Test
    void aRealmThatWouldChangeThePathIsRefused() {
        environment.put("KEYCLOAK_REALM", "doorbell/../master");
        assertThatThrownBy(this::read).isInstanceOf(ConfigException.class).hasMessageContaining("KEYCLOAK_REALM");
    }

    private Optional<KeycloakConfig> read() {
        return CustomerConfig.read(new Environment(environment)).keycloak();
    }
}
