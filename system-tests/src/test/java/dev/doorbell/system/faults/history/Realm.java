package dev.doorbell.system.faults.history;

import dev.doorbell.system.faults.history.Evidence.User;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The users of a Keycloak realm as its administrator sees and changes them, past everything that stands before it. */
public final class Realm {
    private static final String CUSTOMER_ID = "customerId";
    private static final int PAGE = 500;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url;
    private final String users;
    private final String tokenRequest;

    /** @param url Keycloak's own, {@code http://host:port} */
    public Realm(String url, String realm, String administrator, String password) {
        this.url = url;
        this.users = url + "/admin/realms/" + realm + "/users";
        this.tokenRequest = "grant_type=password&client_id=admin-cli&username=" + encoded(administrator) + "&password="
                + encoded(password);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** All of them, in the order of their ids. */
    public List<User> users() {
        String token = token();
        List<User> found = new ArrayList<>();
        for (int first = 0; ; first += PAGE) {
            String page = "?briefRepresentation=false&first=" + first + "&max=" + PAGE;
            JsonArray answer =
                    new JsonArray(send(request(users + page, token).GET(), 200).body());
            answer.stream().map(JsonObject.class::cast).map(Realm::user).forEach(found::add);
            if (answer.size() < PAGE) {
                found.sort(Comparator.comparing(User::id));
                return found;
            }
        }
    }

    private static User user(JsonObject representation) {
        JsonArray ids =
                representation.getJsonObject("attributes", new JsonObject()).getJsonArray(CUSTOMER_ID, new JsonArray());
        return new User(
                representation.getString("id"),
                representation.getString("username"),
                ids.isEmpty() ? null : ids.stream().map(Object::toString).collect(Collectors.joining(",")),
                representation.getBoolean("enabled", false),
                new TreeMap<>(representation.getMap()).toString());
    }

    /** Makes a user that has nothing to do with us. */
    public void addStranger(String username, boolean enabled) {
        add(new JsonObject().put("username", username).put("firstName", "Ida").put("enabled", enabled));
    }

    /** Makes a user that says that it is a customer's. */
    public void addUserOf(String customerId, String username) {
        add(new JsonObject()
                .put("username", username)
                .put("enabled", true)
                .put("attributes", new JsonObject().put(CUSTOMER_ID, new JsonArray().add(customerId))));
    }

    private void add(JsonObject representation) {
        send(json(users).POST(BodyPublishers.ofString(representation.encode())), 201);
    }

    public void disable(String id) {
        send(
                json(users + "/" + id)
                        .PUT(BodyPublishers.ofString(
                                new JsonObject().put("enabled", false).encode())),
                204);
    }

    public void remove(String id) {
        send(request(users + "/" + id, token()).DELETE(), 204);
    }

    private HttpRequest.Builder json(String uri) {
        return request(uri, token()).header("Content-Type", "application/json");
    }

    private static HttpRequest.Builder request(String uri, String token) {
        return HttpRequest.newBuilder(URI.create(uri)).timeout(ANSWER_LIMIT).header("Authorization", "Bearer " + token);
    }

    private String token() {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(url + "/realms/master/protocol/openid-connect/token"))
                .timeout(ANSWER_LIMIT)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(tokenRequest));
        return new JsonObject(send(request, 200).body()).getString("access_token");
    }

    private HttpResponse<String> send(HttpRequest.Builder request, int expected) {
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() != expected) {
                throw new IllegalStateException("Keycloak answers " + answer.statusCode() + " instead of " + expected);
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
