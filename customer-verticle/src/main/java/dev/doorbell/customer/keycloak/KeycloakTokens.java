package dev.doorbell.customer.keycloak;

import dev.doorbell.customer.usecase.IdentityProvider.Permit;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/**
 * The service's own access token: kept for four fifths of its life, asked for once however many want it. Use from one
 * event loop.
 */
final class KeycloakTokens {
    private static final double USED_SHARE = 0.8;
    private static final long LIFE_MAX_S = 3_600;

    private final KeycloakHttp http;
    private final KeycloakConfig config;
    private Token current;
    private Future<Token> asked;

    KeycloakTokens(KeycloakHttp http, KeycloakConfig config) {
        this.http = http;
        this.config = config;
    }

    /** @param value to be sent, never to be logged */
    record Token(String value, long useUntilNanos, long lastEffectNanos) implements Permit {
        @Override
        public Duration life() {
            return Duration.ofNanos(Math.max(0, lastEffectNanos - System.nanoTime()));
        }

        @Override
        public String toString() {
            return "token, in effect for " + life().toSeconds() + " s";
        }
    }

    /** One that is there already needs no call. */
    boolean isCached() {
        return current != null && System.nanoTime() - current.useUntilNanos() < 0;
    }

    Future<Token> token() {
        if (isCached()) {
            return Future.succeededFuture(current);
        }
        if (asked == null) {
            Future<Token> answer = ask();
            // Before the handler, which may run at once.
            asked = answer;
            answer.onComplete(done -> {
                asked = null;
                current = done.succeeded() ? done.result() : null;
            });
            return answer;
        }
        return asked;
    }

    /** One that Keycloak gives now. */
    Future<Token> anew() {
        current = null;
        return token();
    }

    /** Keycloak refuses it: the next one is asked for. One that has been replaced already says nothing about its successor. */
    void refused(Permit token) {
        if (current == token) {
            current = null;
        }
    }

    private Future<Token> ask() {
        MultiMap form = MultiMap.caseInsensitiveMultiMap()
                .set("grant_type", "client_credentials")
                .set("client_id", config.clientId())
                .set("client_secret", config.clientSecret());
        return KeycloakHttp.answered(
                        http.request(HttpMethod.POST, "/realms/" + config.realm() + "/protocol/openid-connect/token")
                                .sendForm(form))
                .compose(response -> response.statusCode() == 200
                        ? KeycloakHttp.json("token", response, answer -> token(answer.bodyAsJsonObject()))
                        : Future.failedFuture(KeycloakHttp.unexpected("token", response)));
    }

    /** Its life counts from now, which is later than Keycloak counts from: the end is rather named too late. */
    private Token token(JsonObject answer) {
        String value = answer.getString("access_token");
        Long lifeSeconds = answer.getLong("expires_in");
        if (value == null || value.isEmpty() || lifeSeconds == null || lifeSeconds < 1) {
            return null;
        }
        long lifeNanos = Duration.ofSeconds(Math.min(lifeSeconds, LIFE_MAX_S)).toNanos();
        long now = System.nanoTime();
        return new Token(
                value,
                now + (long) (lifeNanos * USED_SHARE),
                now + lifeNanos + config.workMax().toNanos());
    }
}
