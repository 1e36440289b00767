package dev.doorbell.service.token;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;

/**
 * Tells who a token is about, without asking its issuer. What the token says of itself is checked first, so that nothing but
 * a token that is right in everything else makes us look for its key.
 */
final class TokenVerifier {
    private final TokenConfig config;
    private final SigningKeys keys;
    private final Clock clock;

    TokenVerifier(TokenConfig config, SigningKeys keys, Clock clock) {
        this.config = config;
        this.keys = keys;
        this.clock = clock;
    }

    /** Fails with {@link TokenRefusedException}. */
    Future<Caller> verify(String text) {
        try {
            AccessToken token = AccessToken.parse(text);
            token.check(config, clock.instant());
            return verified(token).map(Caller::of);
        } catch (TokenRefusedException e) {
            return Future.failedFuture(e);
        }
    }

    private Future<JsonObject> verified(AccessToken token) {
        KeySet known = keys.current();
        if (known == null) {
            return Future.failedFuture(new TokenRefusedException(Refusal.NO_KEYS));
        }
        if (known.knows(token)) {
            return known.verified(token);
        }
        return keys.lookAgain()
                .compose(read -> read.knows(token)
                        ? read.verified(token)
                        : Future.failedFuture(new TokenRefusedException(Refusal.UNKNOWN_KEY)));
    }
}
