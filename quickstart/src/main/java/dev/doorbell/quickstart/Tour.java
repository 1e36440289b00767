package dev.doorbell.quickstart;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What becomes of a customer whose registration has succeeded, as any client would do it: sets the password, signs in to
 * Keycloak, reads the own record. Others are refused. Each step is a line.
 */
final class Tour {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HttpClient client;
    private final String customerAddress;
    private final String paymentAddress;
    private final String keycloakUrl;
    private final StringBuilder lines = new StringBuilder();
    private boolean asExpected = true;

    Tour(HttpClient client, Services services, String keycloakUrl) {
        this(client, services.customerAddress(), services.paymentAddress(), keycloakUrl);
    }

    Tour(HttpClient client, String customerAddress, String paymentAddress, String keycloakUrl) {
        this.client = client;
        this.customerAddress = customerAddress;
        this.paymentAddress = paymentAddress;
        this.keycloakUrl = keycloakUrl;
    }

    /** @param accepted what the registration was answered */
    Tour take(JsonObject accepted) {
        String id = accepted.getString("id");
        String username = accepted.getString("username");
        String password = "Quick start " + UUID.randomUUID();
        lines.append(username).append(" signs in\n");
        step(
                "sets the password: POST /registrations/{id}/password",
                204,
                HttpRequest.newBuilder(URI.create(customerAddress + "/registrations/" + id + "/password"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(new JsonObject()
                                .put("secret", accepted.getString("passwordSecret"))
                                .put("password", password)
                                .encode())));
        String own = token(username, password);
        String record = customerAddress + "/customers/" + id;
        step("reads the own record: GET /customers/{id}", 200, get(record, own));
        step("visitor, who is somebody else, reads it", 404, get(record, token("visitor", "visitor-local")));
        step("nobody in particular reads it", 401, get(record, null));
        String payments = paymentAddress + "/payments?customerId=" + id;
        step("reads the payments: GET /payments", 403, get(payments, own));
        String answer = step("operator reads them", 200, get(payments, token("operator", "operator-local")));
        if (answer.startsWith("[{")) {
            JsonObject payment = new JsonArray(answer).getJsonObject(0);
            lines.append("    %s %s %s%n"
                    .formatted(
                            payment.getString("status"), payment.getString("amount"), payment.getString("currency")));
        }
        return this;
    }

    boolean isAsExpected() {
        return asExpected;
    }

    String lines() {
        return lines.toString();
    }

    private static HttpRequest.Builder get(String address, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    /** The grant by password, which the realm allows for trying out; an application sends its users to Keycloak's page. */
    private String token(String username, String password) {
        String form = Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        "doorbell-web",
                        "username",
                        username,
                        "password",
                        password)
                .entrySet()
                .stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        String answer = step(
                username + " gets an access token from Keycloak",
                200,
                HttpRequest.newBuilder(URI.create(keycloakUrl + "/realms/doorbell/protocol/openid-connect/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form)));
        return answer.startsWith("{") ? new JsonObject(answer).getString("access_token", "none") : "none";
    }

    private String step(String what, int expected, HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer =
                    client.send(request.timeout(LIMIT).build(), HttpResponse.BodyHandlers.ofString());
            boolean expectedAnswer = answer.statusCode() == expected;
            asExpected &= expectedAnswer;
            lines.append("  %s: %d%s%n"
                    .formatted(what, answer.statusCode(), expectedAnswer ? "" : ", should be " + expected));
            return answer.body();
        } catch (IOException e) {
            asExpected = false;
            lines.append("  %s: no answer, %s%n".formatted(what, e.getMessage()));
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServicesException("interrupted", e);
        }
    }
}
