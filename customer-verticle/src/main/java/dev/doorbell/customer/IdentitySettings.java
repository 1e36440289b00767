package dev.doorbell.customer;

import dev.doorbell.customer.keycloak.KeycloakConfig;
import dev.doorbell.customer.usecase.RegistrationSecrets;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Setting;
import dev.doorbell.service.token.TokenConfig;
import dev.doorbell.service.token.TokenSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The settings that say where customers have their users. */
final class IdentitySettings {
    private static final int KEY_FILE_BYTES_MAX = 4 * 1024;

    private static final Setting<String> KEYCLOAK_CLIENT_ID = Setting.of(
            "KEYCLOAK_CLIENT_ID",
            "customer-verticle",
            "name",
            "the realm's client whose service account may manage users",
            TokenSettings::name);
    private static final Setting<String> KEYCLOAK_CLIENT_SECRET = new Setting<>(
            "KEYCLOAK_CLIENT_SECRET",
            "",
            "text",
            "the client's secret; must be given with IDENTITY_PROVIDER=keycloak",
            true,
            text -> {
                if (text.length() > 1_000) {
                    throw new IllegalArgumentException("is longer than 1,000 characters");
                }
                return text;
            });

    private static final Setting<String> SECRET_KEY = new Setting<>(
            "REGISTRATION_SECRET_KEY",
            "",
            "base64 of at least 32 bytes",
            "what makes the secrets by which first passwords are set, the same on every instance; this or its file must be"
                    + " given with IDENTITY_PROVIDER=keycloak",
            true,
            text -> text);
    private static final Setting<String> SECRET_KEY_FILE = Setting.of(
            "REGISTRATION_SECRET_KEY_FILE", "", "path", "a file that holds the key in its place", text -> text);
    private static final Setting<Integer> SECRET_HOURS = Setting.integer(
            "REGISTRATION_SECRET_HOURS",
            24,
            1,
            8_760,
            "hours",
            "how long after the success of a registration its first password can be set");

    static final List<Setting<?>> SETTINGS = Stream.concat(
                    TokenSettings.SETTINGS.stream(),
                    Stream.<Setting<?>>of(
                            KEYCLOAK_CLIENT_ID, KEYCLOAK_CLIENT_SECRET, SECRET_KEY, SECRET_KEY_FILE, SECRET_HOURS))
            .toList();

    private IdentitySettings() {}

    /** Empty for {@code none}. */
    static Optional<IdentityConfig> read(Environment environment) {
        Optional<TokenConfig> tokens = TokenSettings.read(environment);
        URI url = environment.get(TokenSettings.KEYCLOAK_URL);
        String realm = environment.get(TokenSettings.KEYCLOAK_REALM);
        String clientId = environment.get(KEYCLOAK_CLIENT_ID);
        String clientSecret = environment.get(KEYCLOAK_CLIENT_SECRET);
        String key = environment.get(SECRET_KEY);
        String keyFile = environment.get(SECRET_KEY_FILE);
        Integer hours = environment.get(SECRET_HOURS);
        if (!TokenSettings.isKeycloak(environment)) {
            return Optional.empty();
        }
        if (clientSecret != null && clientSecret.isBlank()) {
            environment.problem("KEYCLOAK_CLIENT_SECRET is not set; IDENTITY_PROVIDER=keycloak needs it");
        }
        Optional<RegistrationSecrets> secrets = secrets(environment, key, keyFile);
        if (tokens.isEmpty() || secrets.isEmpty() || hours == null) {
            return Optional.empty();
        }
        return Optional.of(new IdentityConfig(
                new KeycloakConfig(url, realm, clientId, clientSecret),
                tokens.get(),
                secrets.get(),
                Duration.ofHours(hours)));
    }

    private static Optional<RegistrationSecrets> secrets(Environment environment, String key, String keyFile) {
        if (key.isEmpty() == keyFile.isEmpty()) {
            environment.problem("REGISTRATION_SECRET_KEY or REGISTRATION_SECRET_KEY_FILE, one of the two, must be set"
                    + " with IDENTITY_PROVIDER=keycloak");
            return Optional.empty();
        }
        String name = key.isEmpty() ? "REGISTRATION_SECRET_KEY_FILE" : "REGISTRATION_SECRET_KEY";
        try {
            String text = key.isEmpty() ? content(Path.of(keyFile)) : key;
            return Optional.of(new RegistrationSecrets(Base64.getDecoder().decode(text.strip())));
        } catch (IOException | InvalidPathException e) {
            environment.problem(name + " cannot be read");
        } catch (IllegalArgumentException e) {
            // Its message may quote the key.
            environment.problem(name + " is not base64 of at least 32 bytes");
        }
        return Optional.empty();
    }

    private static String content(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(KEY_FILE_BYTES_MAX), StandardCharsets.US_ASCII);
        }
    }
}
