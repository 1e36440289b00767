package dev.doorbell.localstack;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What local-stack itself asks a Keycloak for: whether it is ready, and to import a realm. */
final class KeycloakHttp {
    private static final Duration HEALTH_LIMIT = Duration.ofSeconds(5);
    private static final Duration IMPORT_LIMIT = Duration.ofSeconds(60);
    private static final int OK = 200;
    private static final int CREATED = 201;
    /** The realm is there already, in a kept directory. */
    private static final int CONFLICT = 409;

    private static final Pattern ACCESS_TOKEN = Pattern.compile("\"access_token\"\\s*:\\s*\"([^\"]+)\"");

    private final HttpClient client = HttpClient.newHttpClient();
    private final String url;

    /** @param url of Keycloak itself, never of a proxy before it */
    KeycloakHttp(String url) {
        this.url = url;
    }

    boolean isReady() {
        try {
            return send(request("/health/ready", HEALTH_LIMIT).GET()).statusCode() == OK;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Imports a realm unless one of its name is there. */
    void importRealm(String realm, String user, String password) {
        try {
            HttpResponse<String> response = send(request("/admin/realms", IMPORT_LIMIT)
                    .header("Authorization", "Bearer " + token(user, password))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(realm)));
            if (!Set.of(CREATED, CONFLICT).contains(response.statusCode())) {
                throw new LocalStackException("keycloak: the realm was not imported: status " + response.statusCode()
                        + ", " + LogTail.join(response.body().lines().toList()));
            }
        } catch (IOException e) {
            throw new LocalStackException(
                    "keycloak: the realm was not imported: " + LocalStackException.describe(e), e);
        }
    }

    private String token(String user, String password) throws IOException {
        String form =
                "grant_type=password&client_id=admin-cli&username=" + encode(user) + "&password=" + encode(password);
        HttpResponse<String> response = send(request("/realms/master/protocol/openid-connect/token", IMPORT_LIMIT)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
        Matcher token = ACCESS_TOKEN.matcher(response.body());
        if (response.statusCode() != OK || !token.find()) {
            throw new IOException("no token for the administrator: status " + response.statusCode());
        }
        return token.group(1);
    }

    private HttpRequest.Builder request(String path, Duration limit) {
        return HttpRequest.newBuilder(URI.create(url + path)).timeout(limit);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
