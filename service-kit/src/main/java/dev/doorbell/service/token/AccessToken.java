package dev.doorbell.service.token;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A token's header and claims as they stand there (RFC 7515, 7519), and what can be said against them before its signature
 * is looked at: a token that fails here costs nothing but its reading, and its key is not looked for.
 */
record AccessToken(String text, JsonObject header, JsonObject claims) {
    /** Keycloak's have some 1.5 KB. */
    static final int LENGTH_MAX = 8 * 1024;

    /** Asymmetric alone: who can check a token must not be able to make one. */
    static final Set<String> ALGORITHMS = Set.of("RS256", "ES256");

    private static final Set<String> HEADER_TYPES = Set.of("jwt", "at+jwt");
    /** What Keycloak writes into access tokens, against ID and Refresh. */
    private static final String CLAIM_TYPE = "Bearer";

    private static final int KEY_ID_LENGTH_MAX = 256;
    /** By so much the issuer's clock may be ahead of ours. */
    static final int CLOCK_SKEW_S = 5;

    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]*)");

    /** @throws TokenRefusedException when it is no token at all */
    static AccessToken parse(String text) {
        if (text.length() > LENGTH_MAX || !FORM.matcher(text).matches()) {
            throw new TokenRefusedException(Refusal.MALFORMED);
        }
        String[] parts = text.split("\\.");
        return new AccessToken(text, json(parts[0]), json(parts[1]));
    }

    private static JsonObject json(String part) {
        try {
            return new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(part)));
        } catch (DecodeException | IllegalArgumentException | ClassCastException e) {
            // Its message quotes the token.
            throw new TokenRefusedException(Refusal.MALFORMED);
        }
    }

    String algorithm() {
        return header.getValue("alg") instanceof String algorithm ? algorithm : "";
    }

    /** Empty when it names none, which no key has. */
    String keyId() {
        return header.getValue("kid") instanceof String id && id.length() <= KEY_ID_LENGTH_MAX ? id : "";
    }

    /** @throws TokenRefusedException naming the first that is wrong */
    void check(TokenConfig config, Instant now) {
        require(ALGORITHMS.contains(algorithm()), Refusal.ALGORITHM);
        // RFC 7515, 4.1.11: extensions that must be understood; we understand none.
        require(!header.containsKey("crit"), Refusal.MALFORMED);
        require(isAccessToken(), Refusal.TYPE);
        require(Objects.equals(claims.getValue("iss"), config.issuer()), Refusal.ISSUER);
        require(isFor(config.audience()), Refusal.AUDIENCE);
        require(seconds("exp", Long.MIN_VALUE) > now.getEpochSecond(), Refusal.EXPIRED);
        long latest = now.getEpochSecond() + CLOCK_SKEW_S;
        require(seconds("nbf", 0) <= latest && seconds("iat", 0) <= latest, Refusal.NOT_YET_VALID);
    }

    private boolean isAccessToken() {
        return header.getValue("typ", "JWT") instanceof String type
                && HEADER_TYPES.contains(type.toLowerCase(Locale.ROOT))
                && CLAIM_TYPE.equals(claims.getValue("typ"));
    }

    /** RFC 7519, 4.1.3: one audience or a list. Who names none is for nobody. */
    private boolean isFor(String audience) {
        Object named = claims.getValue("aud");
        return named instanceof JsonArray several ? several.contains(audience) : audience.equals(named);
    }

    private long seconds(String claim, long otherwise) {
        Object value = claims.getValue(claim);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Number seconds) {
            return seconds.longValue();
        }
        throw new TokenRefusedException(Refusal.MALFORMED);
    }

    private static void require(boolean holds, Refusal otherwise) {
        if (!holds) {
            throw new TokenRefusedException(otherwise);
        }
    }
}
