package dev.doorbell.service.token;

import dev.doorbell.localstack.TokenIssuer;
import dev.doorbell.localstack.TokenIssuer.Key;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens as Keycloak makes them, each wrong in one thing. */
final class Forge {
    static final String AUDIENCE = "doorbell-api";

    private final TokenIssuer issuer;
    private final Key key;
    private final Instant now;

    Forge(TokenIssuer issuer, Key key, Instant now) {
        this.issuer = issuer;
        this.key = key;
        this.now = now;
    }

    JsonObject claims() {
        return new JsonObject()
                .put("iss", issuer.issuer())
                .put("aud", new JsonArray().add("account").add(AUDIENCE))
                .put("sub", "0b1c6c0a-0000-4000-8000-000000000001")
                .put("typ", "Bearer")
                .put("exp", now.getEpochSecond() + 300)
                .put("iat", now.getEpochSecond());
    }

    JsonObject header() {
        return new JsonObject().put("alg", "RS256").put("typ", "JWT").put("kid", key.id());
    }

    /** Right in everything. */
    String of(String customerId) {
        return with(claims -> claims.put("customerId", customerId));
    }

    String ofOperator() {
        return with(claims -> claims.put(
                "realm_access",
                new JsonObject()
                        .put("roles", new JsonArray().add("offline_access").add("operator"))));
    }

    String with(UnaryOperator<JsonObject> change) {
        return TokenIssuer.sign(key, header().encode(), change.apply(claims()).encode());
    }

    String withHeader(UnaryOperator<JsonObject> change) {
        return TokenIssuer.sign(key, change.apply(header()).encode(), claims().encode());
    }

    /** Signed by another key than it names. */
    String signedBy(Key another) {
        return TokenIssuer.sign(another, header().encode(), claims().encode());
    }

    /** RFC 7515, appendix A.5. */
    String unsigned() {
        return TokenIssuer.base64Url(header().put("alg", "none").encode()) + "."
                + TokenIssuer.base64Url(claims().encode()) + ".";
    }

    /** The public key, which everybody has, as the secret of a symmetric algorithm. */
    String signedWithThePublicKey() {
        String signed = TokenIssuer.base64Url(header().put("alg", "HS256").encode()) + "."
                + TokenIssuer.base64Url(claims().encode());
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.publicPem().getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            return signed + "." + TokenIssuer.base64Url(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
