package dev.doorbell.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doorbell.service.ConfigException;
import dev.doorbell.service.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentitySettingsTest {
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

    private final Map<String, String> environment = new HashMap<>(Map.of(
            "DATABASE_URL", "postgresql://u:p@localhost:5432/customers",
            "IDENTITY_PROVIDER", "keycloak",
            "KEYCLOAK_CLIENT_SECRET", "not-to-be-told",
            "REGISTRATION_SECRET_KEY", KEY));

    @Test
    void withoutAProviderNothingOfKeycloakIsNeeded() {
        environment.remove("IDENTITY_PROVIDER");
        environment.remove("KEYCLOAK_CLIENT_SECRET");
        environment.remove("REGISTRATION_SECRET_KEY");
        assertThat(read()).isEmpty();
    }

    @Test
    void theTextFormHoldsNoSecret() {
        environment.put("KEYCLOAK_URL", "https://keycloak.example/");
        assertThat(read().orElseThrow().keycloak())
                .hasToString("Keycloak https://keycloak.example, realm doorbell, client customer-verticle");
    }

    @Test
    void theSecretMustBeGiven() {
        environment.remove("KEYCLOAK_CLIENT_SECRET");
        assertThatThrownBy(this::read)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("KEYCLOAK_CLIENT_SECRET is not set");
    }

    @Test
    void theIssuerIsTheRealmUnlessItIsNamed() {
        environment.put("KEYCLOAK_URL", "http://keycloak:8080");
        assertThat(read().orElseThrow().tokens().issuer()).isEqualTo("http://keycloak:8080/realms/doorbell");
        environment.put("KEYCLOAK_ISSUER", "https://login.example/realms/doorbell");
        assertThat(read().orElseThrow().tokens().issuer()).isEqualTo("https://login.example/realms/doorbell");
        assertThat(read().orElseThrow().tokens().keysUrl())
                .hasToString("http://keycloak:8080/realms/doorbell/protocol/openid-connect/certs");
        assertThat(read().orElseThrow().tokens().refreshMin()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void theKeyOfTheSecretsComesFromTheEnvironmentOrAFile(@TempDir Path directory) throws IOException {
        UUID id = UUID.randomUUID();
        String secret = read().orElseThrow().secrets().of(id);
        Path file = Files.writeString(directory.resolve("key"), KEY + "\n");
        environment.remove("REGISTRATION_SECRET_KEY");
        environment.put("REGISTRATION_SECRET_KEY_FILE", file.toString());
        assertThat(read().orElseThrow().secrets().of(id)).isEqualTo(secret);
        assertThat(read().orElseThrow().secretLife()).isEqualTo(Duration.ofHours(24));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not base64!", "c2hvcnQ=", "/no/such/file"})
    void aKeyThatCannotBeUsedIsRefusedAndNotTold(String key) {
        environment.put("REGISTRATION_SECRET_KEY", key);
        if (key.startsWith("/")) {
            environment.remove("REGISTRATION_SECRET_KEY");
            environment.put("REGISTRATION_SECRET_KEY_FILE", key);
        }
        assertThatThrownBy(this::read)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("REGISTRATION_SECRET_KEY")
                .hasMessageNotContaining(key.isEmpty() ? KEY : key);
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

    private Optional<IdentityConfig> read() {
        return CustomerConfig.read(new Environment(environment)).identity();
    }
}
