package dev.doorbell.customer.usecase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class RegistrationSecretsTest {
    private static final UUID ID = UUID.fromString("7b0e1d9c-0000-7000-8000-000000000001");

    private final RegistrationSecrets secrets = new RegistrationSecrets(new byte[32]);

    @Test
    void aSecretIsTheSameOnEveryInstanceAndAnotherForEachRegistration() {
        String secret = secrets.of(ID);
        assertThat(secret).matches("[A-Za-z0-9_-]{43}").isEqualTo(new RegistrationSecrets(new byte[32]).of(ID));
        assertThat(secrets.of(UUID.randomUUID())).isNotEqualTo(secret);
        byte[] another = new byte[32];
        another[31] = 1;
        assertThat(new RegistrationSecrets(another).of(ID)).isNotEqualTo(secret);
    }

    @Test
    void onlyTheWholeSecretMatches() {
        String secret = secrets.of(ID);
        assertThat(secrets.matches(ID, secret)).isTrue();
        assertThat(secrets.matches(ID, secret.substring(1))).isFalse();
        assertThat(secrets.matches(ID, secret + " ")).isFalse();
        assertThat(secrets.matches(ID, "")).isFalse();
        assertThat(secrets.matches(UUID.randomUUID(), secret)).isFalse();
    }

    @Test
    void aShortKeyIsRefused() {
        assertThatThrownBy(() -> new RegistrationSecrets(new byte[31])).isInstanceOf(IllegalArgumentException.class);
    }
}
