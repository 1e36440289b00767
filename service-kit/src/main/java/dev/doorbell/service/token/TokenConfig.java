package dev.doorbell.service.token;

import java.net.URI;
import java.time.Duration;

/**
 * Whose tokens are accepted.
 *
 * @param keysUrl where the issuer publishes the keys that it signs with (a JSON Web Key Set, RFC 7517)
 * @param issuer as it stands in the claim {@code iss}
 * @param audience must stand in the claim {@code aud}
 * @param refreshEvery after which the keys are read again, so that a key that was withdrawn is not trusted for longer
 * @param refreshMin between two readings, however many tokens name a key that is not known
 * @param retryAfter before the next attempt while no keys could be read at all
 * @param callTimeout of one reading
 */
public record TokenConfig(
        URI keysUrl,
        String issuer,
        String audience,
        Duration refreshEvery,
        Duration refreshMin,
        Duration retryAfter,
        Duration callTimeout) {
    private static final Duration REFRESH_EVERY = Duration.ofMinutes(5);
    private static final Duration REFRESH_MIN = Duration.ofSeconds(30);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(3);

    /**
     * A realm of Keycloak.
     *
     * @param url of the server as this service reaches it, without a slash at its end
     * @param issuer null for the usual one: {@code url}, then the realm
     */
    public static TokenConfig ofRealm(URI url, String realm, String issuer, String audience) {
        String realmUrl = url + "/realms/" + realm;
        return new TokenConfig(
                URI.create(realmUrl + "/protocol/openid-connect/certs"),
                issuer == null ? realmUrl : issuer,
                audience,
                REFRESH_EVERY,
                REFRESH_MIN,
                RETRY_AFTER,
                CALL_TIMEOUT);
    }
}
