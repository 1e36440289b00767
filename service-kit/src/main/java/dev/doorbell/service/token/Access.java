package dev.doorbell.service.token;

import dev.doorbell.service.Health;
import dev.doorbell.service.Health.Check;
import dev.doorbell.service.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Who may do what, for every service and route: the one place for it. A route that is for some puts one of the handlers
 * before its own. Use from one event loop.
 *
 * <ul>
 *   <li>An operator may do everything that needs a token.
 *   <li>A customer's record is for the customer and for operators; to everybody else it is not there, as if there were no
 *       such customer.
 * </ul>
 */
public final class Access {
    private static final String SCHEME = "Bearer";
    private static final String RETRY_AFTER_S = "2";
    private static final int INTERVALS_MISSED_MAX = 3;

    private final SigningKeys keys;
    /** A key that the issuer has withdrawn meanwhile is trusted all the same. */
    private final Duration keysAgeMax;

    private final TokenVerifier verifier;
    private final MeterRegistry metrics;

    private Access(SigningKeys keys, Duration keysAgeMax, TokenVerifier verifier, MeterRegistry metrics) {
        this.keys = keys;
        this.keysAgeMax = keysAgeMax;
        this.verifier = verifier;
        this.metrics = metrics;
    }

    /** @param config empty where there are no users: then everything is open to everybody, and no token is read */
    public static Access of(Vertx vertx, Optional<TokenConfig> config, MeterRegistry metrics) {
        return config.map(tokens -> byToken(vertx, tokens, metrics, Clock.systemUTC(), System::nanoTime))
                .orElseGet(() -> new Access(null, null, null, null));
    }

    static Access byToken(
            Vertx vertx, TokenConfig config, MeterRegistry metrics, Clock clock, LongSupplier monotonicNanos) {
        SigningKeys keys = new SigningKeys(vertx, config, monotonicNanos);
        TimeGauge.builder(
                        "doorbell.tokens.keys.age",
                        keys,
                        TimeUnit.MILLISECONDS,
                        read -> read.age().map(age -> (double) age.toMillis()).orElse(Double.NaN))
                .description("time since the issuer's keys that are in use were read; NaN while there are none")
                .register(metrics);
        return new Access(
                keys,
                config.refreshEvery().multipliedBy(INTERVALS_MISSED_MAX),
                new TokenVerifier(config, keys, clock),
                metrics);
    }

    /** Begins to read the issuer's keys, for as long as it takes. */
    public void start() {
        if (keys != null) {
            keys.start();
        }
    }

    public void stop() {
        if (keys != null) {
            keys.stop();
        }
    }

    /** Without keys no token is accepted; whatever needs none is served. Old ones go on being used. */
    public void check(Health checks) {
        if (keys != null) {
            checks.register("tokens", () -> Future.succeededFuture(check()));
        }
    }

    private Check check() {
        if (keys.age().isEmpty()) {
            return Check.degraded("the issuer's keys have not been read yet");
        }
        Duration age = keys.age().get();
        return age.compareTo(keysAgeMax) > 0
                ? Check.degraded("the issuer's keys cannot be read; those in use are of " + age.toSeconds() + " s ago")
                : Check.UP;
    }

    /** For operators. */
    public SecurityPolicyHandler operator() {
        return guarded((request, caller) -> {
            if (caller.operator()) {
                pass(request);
            } else {
                refuse(request, Refusal.NOT_OPERATOR);
            }
        });
    }

    /**
     * For the customer whom the path names, and for operators.
     *
     * @param parameter of the path, that holds the customer's id
     * @param notThere what the route answers when there is no such customer
     */
    public SecurityPolicyHandler ownerOrOperator(String parameter, Problem notThere) {
        return guarded((request, caller) -> {
            if (caller.operator() || caller.owns(request.pathParam(parameter))) {
                pass(request);
            } else {
                count("not_owner");
                notThere.send(request);
            }
        });
    }

    /** Of the kind that may stand before the one that reads the body: a stranger's body is not read. */
    private SecurityPolicyHandler guarded(BiConsumer<RoutingContext, Caller> rule) {
        return verifier == null ? RoutingContext::next : request -> authenticate(request, rule);
    }

    private void authenticate(RoutingContext request, BiConsumer<RoutingContext, Caller> rule) {
        List<String> given = request.request().headers().getAll(HttpHeaders.AUTHORIZATION);
        if (given.size() > 1) {
            refuse(request, Refusal.AMBIGUOUS);
            return;
        }
        String[] parts = given.isEmpty() ? new String[0] : given.get(0).strip().split(" +", 2);
        if (parts.length < 2 || !parts[0].equalsIgnoreCase(SCHEME)) {
            refuse(request, Refusal.MISSING);
            return;
        }
        // A body that comes while a key is looked for must find its handler in place.
        request.request().pause();
        verifier.verify(parts[1].strip())
                .onSuccess(caller -> rule.accept(request, caller))
                .onFailure(failure -> {
                    if (failure instanceof TokenRefusedException refused) {
                        refuse(request, refused.refusal());
                    } else {
                        request.fail(failure);
                    }
                })
                .onComplete(answered -> request.request().resume());
    }

    private void pass(RoutingContext request) {
        count("accepted");
        request.next();
    }

    private void refuse(RoutingContext request, Refusal refusal) {
        count(refusal.label());
        if (refusal.challenge() != null) {
            request.response().putHeader("WWW-Authenticate", refusal.challenge());
        } else {
            request.response().putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_S);
        }
        Problem.of(refusal.status(), refusal.detail()).send(request);
    }

    private void count(String outcome) {
        Counter.builder("doorbell.tokens")
                .description("requests that have to say who sends them, by what became of their token")
                .tag("outcome", outcome)
                .register(metrics)
                .increment();
    }
}
