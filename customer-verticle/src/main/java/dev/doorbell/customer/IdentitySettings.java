package dev.doorbell.customer;

import dev.doorbell.customer.keycloak.KeycloakConfig;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Setting;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/** The settings that say where customers have their users. */
final class IdentitySettings {
    private static final String NONE = "none";
    private static final String KEYCLOAK = "keycloak";

    private static final Setting<String> IDENTITY_PROVIDER = Setting.choice(
            "IDENTITY_PROVIDER",
            NONE,
            List.of(NONE, KEYCLOAK),
            "where the customer's user is made; none makes no user");
    private static final Setting<URI> KEYCLOAK_URL = Setting.of(
            "KEYCLOAK_URL",
            "http://localhost:8080",
            "http://host:port or https://…",
            "where Keycloak is reached",
            IdentitySettings::url);
    private static final Setting<String> KEYCLOAK_REALM =
            Setting.of("KEYCLOAK_REALM", "doorbell", "name", "the realm that holds the users", IdentitySettings::name);
    private static final Setting<String> KEYCLOAK_CLIENT_ID = Setting.of(
            "KEYCLOAK_CLIENT_ID",
            "customer-verticle",
            "name",
            "the realm's client whose service account may manage users",
            IdentitySettings::name);
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

    static final List<Setting<?>> SETTINGS =
            List.of(IDENTITY_PROVIDER, KEYCLOAK_URL, KEYCLOAK_REALM, KEYCLOAK_CLIENT_ID, KEYCLOAK_CLIENT_SECRET);

    private IdentitySettings() {}

    /** Empty for {@code none}. */
    static Optional<KeycloakConfig> read(Environment environment) {
        String provider = environment.get(IDENTITY_PROVIDER);
        URI url = environment.get(KEYCLOAK_URL);
        String realm = environment.get(KEYCLOAK_REALM);
        String clientId = environment.get(KEYCLOAK_CLIENT_ID);
        String secret = environment.get(KEYCLOAK_CLIENT_SECRET);
        if (!KEYCLOAK.equals(provider)) {
            return Optional.empty();
        }
        if (secret != null && secret.isBlank()) {
            environment.problem("KEYCLOAK_CLIENT_SECRET is not set; IDENTITY_PROVIDER=keycloak needs it");
        }
        return Optional.of(new KeycloakConfig(url, realm, clientId, secret));
    }

    private static URI url(String text) {
        try {
            URI url = new URI(text.replaceFirst("/+$", ""));
            if (("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                    && url.getHost() != null
                    && url.getUserInfo() == null
                    && url.getQuery() == null
                    && url.getFragment() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // As the others.
        }
        throw new IllegalArgumentException("is not of the form http://host:port or https://host:port");
    }

    private static String name(String text) {
        if (!text.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new IllegalArgumentException("is not a name of at most 100 letters, digits, '.', '_' and '-'");
        }
        return text;
    }
}
