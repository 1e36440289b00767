package dev.doorbell.customer.keycloak;

import dev.doorbell.customer.keycloak.KeycloakTokens.Token;
import dev.doorbell.customer.usecase.IdentityProvider.User;
import dev.doorbell.customer.usecase.IdentityProviderException;
import dev.doorbell.customer.usecase.IdentityProviderException.Reason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The users of the realm by Keycloak's admin API, one request each. */
final class KeycloakUsers {
    /** What came of a create. @param location of the new user, for CREATED */
    record Created(Kind kind, String location) {
        enum Kind {
            CREATED,
            CONFLICT,
            INVALID
        }
    }

    private final KeycloakHttp http;
    private final String path;

    KeycloakUsers(KeycloakHttp http, KeycloakConfig config) {
        this.http = http;
        this.path = "/admin/realms/" + config.realm() + "/users";
    }

    Future<Created> create(Token token, User user, boolean enabled) {
        JsonObject representation = new JsonObject()
                .put("username", user.username())
                .put("firstName", user.firstName())
                .put("lastName", user.lastName())
                .put("enabled", enabled)
                .put(
                        "attributes",
                        new JsonObject()
                                .put(
                                        KeycloakUser.CUSTOMER_ID,
                                        new JsonArray().add(user.customerId().toString())));
        return KeycloakHttp.answered(request(token, HttpMethod.POST, "").sendJsonObject(representation))
                .compose(response -> switch (response.statusCode()) {
                    case 201 -> created(response);
                    case 409 -> Future.succeededFuture(new Created(Created.Kind.CONFLICT, null));
                    case 400 -> Future.succeededFuture(new Created(Created.Kind.INVALID, null));
                    default -> Future.failedFuture(KeycloakHttp.unexpected("create user", response));
                });
    }

    /** Keycloak chooses the id and tells it nowhere else. */
    private static Future<Created> created(HttpResponse<Buffer> response) {
        String location = response.getHeader("Location");
        String id = location == null ? "" : location.substring(location.lastIndexOf('/') + 1);
        return isId(id)
                ? Future.succeededFuture(new Created(Created.Kind.CREATED, id))
                : Future.failedFuture(new IdentityProviderException(
                        Reason.UNEXPECTED_ANSWER, "create user: Keycloak does not tell the new user's id"));
    }

    Future<Optional<KeycloakUser>> get(Token token, String id) {
        return KeycloakHttp.answered(request(token, HttpMethod.GET, "/" + id).send())
                .compose(response -> switch (response.statusCode()) {
                    case 200 ->
                        KeycloakHttp.json(
                                "read user",
                                response,
                                answer -> Optional.of(KeycloakUser.of(answer.bodyAsJsonObject())));
                    case 404 -> Future.succeededFuture(Optional.empty());
                    default -> Future.failedFuture(KeycloakHttp.unexpected("read user", response));
                });
    }

    /** @param username canonical; Keycloak keeps it in lower case as well */
    Future<Optional<KeycloakUser>> find(Token token, String username) {
        return KeycloakHttp.answered(request(token, HttpMethod.GET, "")
                        .addQueryParam("username", username)
                        .addQueryParam("exact", "true")
                        .addQueryParam("briefRepresentation", "false")
                        .addQueryParam("max", "2")
                        .send())
                .compose(response -> response.statusCode() == 200
                        ? KeycloakHttp.json("find user", response, answer -> only(answer.bodyAsJsonArray(), username))
                        : Future.failedFuture(KeycloakHttp.unexpected("find user", response)));
    }

    private static Optional<KeycloakUser> only(JsonArray found, String username) {
        for (int i = 0; i < found.size(); i++) {
            KeycloakUser user = KeycloakUser.of(found.getJsonObject(i));
            if (user != null && username.equals(user.username())) {
                return Optional.of(user);
            }
        }
        return Optional.empty();
    }

    /** In Keycloak's order of usernames, without service accounts. */
    Future<List<KeycloakUser>> page(Token token, int first, int max) {
        return list(request(token, HttpMethod.GET, "")
                .addQueryParam("first", String.valueOf(first))
                .addQueryParam("max", String.valueOf(max)));
    }

    /**
     * Those that a search by ids finds. Keycloak's own console asks this way, its documentation does not name it: take
     * nothing for missing that is not among them.
     */
    Future<List<KeycloakUser>> withIds(Token token, Collection<String> ids) {
        return list(request(token, HttpMethod.GET, "").addQueryParam("search", "id:" + String.join(" ", ids)));
    }

    private static Future<List<KeycloakUser>> list(HttpRequest<Buffer> request) {
        return KeycloakHttp.answered(
                        request.addQueryParam("briefRepresentation", "false").send())
                .compose(response -> response.statusCode() == 200
                        ? KeycloakHttp.json("list users", response, answer -> all(answer.bodyAsJsonArray()))
                        : Future.failedFuture(KeycloakHttp.unexpected("list users", response)));
    }

    private static List<KeycloakUser> all(JsonArray found) {
        List<KeycloakUser> users = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            KeycloakUser user = KeycloakUser.of(found.getJsonObject(i));
            if (user != null) {
                users.add(user);
            }
        }
        return users;
    }

    /** @return whether the user was still there */
    Future<Boolean> update(Token token, KeycloakUser user) {
        return KeycloakHttp.answered(
                        request(token, HttpMethod.PUT, "/" + user.id()).sendJsonObject(user.representation()))
                .compose(response -> switch (response.statusCode()) {
                    case 204 -> Future.succeededFuture(true);
                    case 404 -> Future.succeededFuture(false);
                    default -> Future.failedFuture(KeycloakHttp.unexpected("change user", response));
                });
    }

    /** Succeeds also when there was none any more. */
    Future<Void> delete(Token token, String id) {
        return KeycloakHttp.answered(request(token, HttpMethod.DELETE, "/" + id).send())
                .compose(response -> switch (response.statusCode()) {
                    case 204, 404 -> Future.succeededFuture();
                    default -> Future.failedFuture(KeycloakHttp.unexpected("remove user", response));
                });
    }

    private HttpRequest<Buffer> request(Token token, HttpMethod method, String below) {
        return http.request(method, path + below).bearerTokenAuthentication(token.value());
    }

    /** It goes into a path again. */
    static boolean isId(String text) {
        return text.matches("[A-Za-z0-9-]{1,64}");
    }
}
