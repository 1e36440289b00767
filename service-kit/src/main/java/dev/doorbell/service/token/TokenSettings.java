package dev.doorbell.service.token;

import dev.doorbell.service.Environment;
import dev.doorbell.service.Setting;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/** The settings that say who knows the users; the same in every service with an API. */
public final class TokenSettings {
    private static final String NONE = "none";
    private static final String KEYCLOAK = "keycloak";

    private static final Setting<String> IDENTITY_PROVIDER = Setting.choice(
            "IDENTITY_PROVIDER",
            NONE,
            List.of(NONE, KEYCLOAK),
            "who knows the users; with none there are none, and the API asks nobody for a token");
    public static final Setting<URI> KEYCLOAK_URL = Setting.of(
            "KEYCLOAK_URL",
            "http://localhost:8080",
            "http://host:port or https://…",
            "where Keycloak is reached",
            TokenSettings::url);
    public static final Setting<String> KEYCLOAK_REALM =
            Setting.of("KEYCLOAK_REALM", "doorbell", "name", "the realm that holds the users", TokenSettings::name);
    private static final Setting<String> KEYCLOAK_ISSUER = Setting.of(
            "KEYCLOAK_ISSUER",
            "",
            "http://host:port/realms/name or https://…",
            "what tokens name as their issuer, where that is not KEYCLOAK_URL/realms/KEYCLOAK_REALM",
            text -> text.isEmpty() ? text : url(text).toString());
    private static final Setting<String> KEYCLOAK_AUDIENCE = Setting.of(
            "KEYCLOAK_AUDIENCE",
            "doorbell-api",
            "name",
            "what tokens for the services name as their audience",
            TokenSettings::name);

    public static final List<Setting<?>> SETTINGS =
            List.of(IDENTITY_PROVIDER, KEYCLOAK_URL, KEYCLOAK_REALM, KEYCLOAK_ISSUER, KEYCLOAK_AUDIENCE);

    private TokenSettings() {}

    /** Empty for {@code none}, or when something cannot be used, which {@link Environment#check} then throws. */
    public static Optional<TokenConfig> read(Environment environment) {
        String provider = environment.get(IDENTITY_PROVIDER);
        URI url = environment.get(KEYCLOAK_URL);
        String realm = environment.get(KEYCLOAK_REALM);
        String issuer = environment.get(KEYCLOAK_ISSUER);
        String audience = environment.get(KEYCLOAK_AUDIENCE);
        if (!KEYCLOAK.equals(provider) || url == null || realm == null || issuer == null || audience == null) {
            return Optional.empty();
        }
        return Optional.of(TokenConfig.ofRealm(url, realm, issuer.isEmpty() ? null : issuer, audience));
    }

    /** Whether users are Keycloak's. */
    public static boolean isKeycloak(Environment environment) {
        return KEYCLOAK.equals(environment.get(IDENTITY_PROVIDER));
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

    /** Also of a client of the realm. */
    public static String name(String text) {
        if (!text.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new IllegalArgumentException("is not a name of at most 100 letters, digits, '.', '_' and '-'");
        }
        return text;
    }
}
