package dev.doorbell.customer.keycloak;

import dev.doorbell.customer.keycloak.KeycloakTokens.Token;
import dev.doorbell.customer.usecase.IdentityProvider.PasswordAnswer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first password of a user, by Keycloak's admin API. */
final class KeycloakPasswords {
    private static final String PASSWORD = "password";
    /** What Keycloak says of its policy: a sentence, with numbers in it. */
    private static final Pattern SENTENCE = Pattern.compile("Invalid password: ([A-Za-z0-9 ,.()'-]{3,160})");

    private static final String REFUSED = "is refused by the password policy";

    private final KeycloakHttp http;
    private final String path;

    KeycloakPasswords(KeycloakHttp http, KeycloakConfig config) {
        this.http = http;
        this.path = "/admin/realms/" + config.realm() + "/users/";
    }

    /** Keycloak itself would set another one in the place of the first; so it is asked first whether there is one. */
    Future<PasswordAnswer> setFirst(Token token, KeycloakUser user, String password) {
        return KeycloakHttp.asking(hasOne(token, user))
                .compose(has ->
                        has ? Future.succeededFuture(new PasswordAnswer.AlreadySet()) : set(token, user, password));
    }

    private Future<Boolean> hasOne(Token token, KeycloakUser user) {
        return KeycloakHttp.answered(request(token, HttpMethod.GET, user.id() + "/credentials")
                        .send())
                .compose(response -> response.statusCode() == 200
                        ? KeycloakHttp.json("read credentials", response, answer -> has(answer.bodyAsJsonArray()))
                        : Future.failedFuture(KeycloakHttp.unexpected("read credentials", response)));
    }

    private static Boolean has(JsonArray credentials) {
        return credentials.stream()
                .anyMatch(
                        credential -> credential instanceof JsonObject json && PASSWORD.equals(json.getString("type")));
    }

    private Future<PasswordAnswer> set(Token token, KeycloakUser user, String password) {
        JsonObject credential =
                new JsonObject().put("type", PASSWORD).put("value", password).put("temporary", false);
        return KeycloakHttp.answered(request(token, HttpMethod.PUT, user.id() + "/reset-password")
                        .sendJsonObject(credential))
                .compose(response -> switch (response.statusCode()) {
                    case 204 -> Future.succeededFuture(new PasswordAnswer.Set());
                    case 400 -> Future.succeededFuture(new PasswordAnswer.Refused(detail(response, user, password)));
                    default -> Future.failedFuture(KeycloakHttp.unexpected("set password", response));
                });
    }

    /** Keycloak's own words, if they are words of its policy and quote nothing of what was sent. */
    private static String detail(HttpResponse<Buffer> response, KeycloakUser user, String password) {
        try {
            JsonObject answer = response.bodyAsJsonObject();
            String description = answer == null ? "" : answer.getString("error_description", "");
            Matcher sentence = SENTENCE.matcher(description);
            String lower = description.toLowerCase(Locale.ROOT);
            if (sentence.matches()
                    && !lower.contains(password.toLowerCase(Locale.ROOT))
                    && !lower.contains(user.username().toLowerCase(Locale.ROOT))) {
                return REFUSED + ": " + sentence.group(1);
            }
        } catch (DecodeException | ClassCastException e) {
            // As without words.
        }
        return REFUSED;
    }

    private HttpRequest<Buffer> request(Token token, HttpMethod method, String below) {
        return http.request(method, path + below).bearerTokenAuthentication(token.value());
    }
}
