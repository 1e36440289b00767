package dev.doorbell.customer.keycloak;

import java.net.URI;
import java.time.Duration;

/**
 * Where Keycloak is, and as whom we call it.
 *
 * @param url without a slash at its end
 * @param clientId a confidential client of the realm whose service account has {@code manage-users}, and no more
 * @param callTimeout of each request
 * @param workMax how long Keycloak works on a request at the longest: one that it has let in with a token takes effect also
 *     when the token ends meanwhile; more than a second, by which a token may outlive what it says (Keycloak counts whole
 *     seconds)
 * @param connectionsMax at a time
 * @param failuresMax within 10 s, then the circuit opens
 * @param resetAfter how long an open circuit lets nothing through
 */
public record KeycloakConfig(
        URI url,
        String realm,
        String clientId,
        String clientSecret,
        Duration callTimeout,
        Duration workMax,
        int connectionsMax,
        int failuresMax,
        Duration resetAfter) {
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration WORK_MAX = Duration.ofSeconds(30);
    private static final int CONNECTIONS_MAX = 10;
    private static final int FAILURES_MAX = 8;
    private static final Duration RESET_AFTER = Duration.ofSeconds(3);

    public KeycloakConfig(URI url, String realm, String clientId, String clientSecret) {
        this(url, realm, clientId, clientSecret, CALL_TIMEOUT, WORK_MAX, CONNECTIONS_MAX, FAILURES_MAX, RESET_AFTER);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Keycloak " + url + ", realm " + realm + ", client " + clientId;
    }
}
