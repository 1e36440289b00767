package dev.doorbell.service.token;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.oauth2.OAuth2Auth;
import io.vertx.ext.auth.oauth2.OAuth2Options;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys that an issuer signed with at one time, and a provider of vertx-auth-oauth2 that knows just these. A provider that
 * reads its keys itself takes whatever is published, of whatever length, and reads it when it likes. This one is given no
 * address, neither for keys nor to ask about a token, which it otherwise does with each that it cannot verify.
 */
final class KeySet {
    private static final int KEYS_MAX = 20;

    private final Map<String, String> algorithmById = new HashMap<>();
    private final OAuth2Auth provider;

    /** @throws IllegalArgumentException when there is no key in it that tokens may be signed with */
    KeySet(Vertx vertx, JsonObject published, TokenConfig config) {
        OAuth2Options options = new OAuth2Options()
                .setClientId(config.audience())
                .setJWTOptions(new JWTOptions()
                        .setIssuer(config.issuer())
                        .addAudience(config.audience())
                        // It compares the times again, with its own clock and a skew of none otherwise.
                        .setLeeway(AccessToken.CLOCK_SKEW_S));
        if (published.getValue("keys") instanceof JsonArray keys) {
            for (Object element : keys) {
                if (element instanceof JsonObject key && algorithmById.size() < KEYS_MAX && signs(key)) {
                    algorithmById.put(key.getString("kid"), key.getString("alg"));
                    options.addJwk(key);
                }
            }
        }
        if (algorithmById.isEmpty()) {
            throw new IllegalArgumentException("no key in it signs by " + AccessToken.ALGORITHMS);
        }
        provider = OAuth2Auth.create(vertx, options);
    }

    /** Keycloak publishes keys for encryption beside them. */
    private static boolean signs(JsonObject key) {
        return "sig".equals(key.getValue("use"))
                && key.getValue("alg") instanceof String algorithm
                && AccessToken.ALGORITHMS.contains(algorithm)
                && List.of("RSA", "EC").contains(key.getValue("kty"))
                && key.getValue("kid") instanceof String id
                && !id.isEmpty();
    }

    /** Whether the token names a key of these, and the algorithm that the key is for. */
    boolean knows(AccessToken token) {
        return token.algorithm().equals(algorithmById.get(token.keyId()));
    }

    /** The claims, once the signature is found to be right. */
    Future<JsonObject> verified(AccessToken token) {
        return provider.authenticate(new TokenCredentials(token.text()))
                .map(user -> user.attributes().getJsonObject("accessToken"))
                .recover(failure -> Future.failedFuture(new TokenRefusedException(Refusal.SIGNATURE)));
    }

    void close() {
        provider.close();
    }
}
