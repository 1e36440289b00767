package dev.doorbell.service.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.localstack.TokenIssuer;
import dev.doorbell.localstack.TokenIssuer.Key;
import dev.doorbell.service.Health;
import dev.doorbell.service.HttpServers;
import dev.doorbell.service.Problem;
import dev.doorbell.service.ProblemHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, with which status, and that none of it makes anybody ask the issuer. */
@ExtendWith(VertxExtension.class)
class AccessTest {
    private static final String CUSTOMER = "7b0e1d9c-0000-7000-8000-000000000001";
    private static final Problem NOT_THERE = Problem.of(404, "There is no such customer.");
    private static final Duration EVERY = Duration.ofHours(1);
    private static final Key KEY = TokenIssuer.newKey();

    private final HttpClient client = HttpClient.newHttpClient();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final AtomicLong nanos = new AtomicLong(System.nanoTime());
    private Vertx vertx;
    private TokenIssuer issuer;
    private Forge forge;
    private Access access;
    private Health health;
    private HttpServer server;
    private int requestsBefore;

    @BeforeEach
    void start(Vertx theVertx) {
        vertx = theVertx;
        issuer = TokenIssuer.start();
        issuer.publish(KEY);
        forge = new Forge(issuer, KEY, Instant.now());
        serve();
        awaitKeys();
        requestsBefore = issuer.requests();
    }

    @AfterEach
    void stop() {
        issuer.close();
    }

    private void serve() {
        TokenConfig realm = TokenConfig.ofRealm(URI.create(issuer.url()), "doorbell", null, Forge.AUDIENCE);
        TokenConfig config = new TokenConfig(
                realm.keysUrl(),
                realm.issuer(),
                realm.audience(),
                EVERY,
                realm.refreshMin(),
                Duration.ofMillis(50),
                realm.callTimeout());
        CompletableFuture<Void> started = new CompletableFuture<>();
        vertx.runOnContext(go -> {
            access = Access.byToken(vertx, config, metrics, Clock.systemUTC(), nanos::get);
            health = new Health();
            access.check(health);
            Router router = Router.router(vertx);
            ProblemHandler.mount(router);
            router.get("/payments").handler(access.operator()).handler(request -> request.end("payments"));
            router.get("/customers/:id")
                    .handler(access.ownerOrOperator("id", NOT_THERE))
                    .handler(request -> request.end("customer"));
            router.patch("/customers/:id")
                    .handler(access.ownerOrOperator("id", NOT_THERE))
                    .handler(BodyHandler.create(false))
                    .handler(request -> request.end(request.body().asString()));
            access.start();
            HttpServers.listen(vertx, router, 0)
                    .onSuccess(listening -> server = listening)
                    .onComplete(done -> {
                        if (done.succeeded()) {
                            started.complete(null);
                        } else {
                            started.completeExceptionally(done.cause());
                        }
                    });
        });
        started.orTimeout(10, TimeUnit.SECONDS).join();
    }

    private void awaitKeys() {
        await("keys").until(() -> "up".equals(get(health.report()).getString("status")));
    }

    @Test
    void theCustomerReadsTheirOwnRecordAndNobodyElsesAndTheOperatorAll() {
        String own = forge.of(CUSTOMER);
        assertThat(get("/customers/" + CUSTOMER, own).body()).isEqualTo("customer");
        assertThat(get("/customers/" + CUSTOMER.toUpperCase(java.util.Locale.ROOT), own)
                        .statusCode())
                .isEqualTo(200);
        for (String stranger : List.of(forge.of(UUID.randomUUID().toString()), forge.with(claims -> claims))) {
            HttpResponse<String> refused = get("/customers/" + CUSTOMER, stranger);
            assertThat(refused.statusCode()).as("somebody else's").isEqualTo(404);
            assertThat(refused.body()).isEqualTo(NOT_THERE.toJson().encode());
        }
        assertThat(get("/customers/" + CUSTOMER, forge.ofOperator()).statusCode())
                .isEqualTo(200);
        assertThat(count("accepted")).isEqualTo(3);
        assertThat(count("not_owner")).isEqualTo(2);
        assertThat(callsToTheIssuer()).isZero();
    }

    @Test
    void whatIsForOperatorsIsForbiddenToEverybodyElse() {
        assertThat(get("/payments", forge.ofOperator()).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = get("/payments", forge.of(CUSTOMER));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue("www-authenticate").orElseThrow())
                .contains("error=\"insufficient_scope\"");
        assertThat(refused.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(get("/payments", forge.with(claims -> claims.put("roles", "operator")))
                        .statusCode())
                .as("a role that is not the realm's")
                .isEqualTo(403);
        assertThat(callsToTheIssuer()).isZero();
    }

    static Stream<Arguments> forged() {
        Key unpublished = TokenIssuer.newKey();
        return Stream.of(
                refused("expired", "expired", forge -> forge.with(claims -> claims.put("exp", now() - 1))),
                refused("without an end", "expired", forge -> forge.with(claims -> without(claims, "exp"))),
                refused("not yet valid", "not_yet_valid", forge -> forge.with(claims -> claims.put("nbf", now() + 60))),
                refused(
                        "issued in the future",
                        "not_yet_valid",
                        forge -> forge.with(claims -> claims.put("iat", now() + 60))),
                refused("alg none", "algorithm", Forge::unsigned),
                refused("HS256 with the public key", "algorithm", Forge::signedWithThePublicKey),
                refused(
                        "an algorithm that the key is not for",
                        "unknown_key",
                        forge -> forge.withHeader(header -> header.put("alg", "ES256"))),
                refused(
                        "wrong issuer",
                        "issuer",
                        forge -> forge.with(claims -> claims.put("iss", "http://127.0.0.1:1/realms/doorbell"))),
                refused("no issuer", "issuer", forge -> forge.with(claims -> without(claims, "iss"))),
                refused("wrong audience", "audience", forge -> forge.with(claims -> claims.put("aud", "account"))),
                refused("no audience", "audience", forge -> forge.with(claims -> without(claims, "aud"))),
                refused("ID token", "type", forge -> forge.with(claims -> claims.put("typ", "ID"))),
                refused("refresh token", "type", forge -> forge.with(claims -> claims.put("typ", "Refresh"))),
                refused("no type", "type", forge -> forge.with(claims -> without(claims, "typ"))),
                refused("another header type", "type", forge -> forge.withHeader(h -> h.put("typ", "dpop+jwt"))),
                refused("signed by another key", "signature", forge -> forge.signedBy(unpublished)),
                refused("changed claims", "signature", forge -> changed(forge.of(CUSTOMER))),
                refused(
                        "a key of its own in its header",
                        "signature",
                        forge -> TokenIssuer.sign(
                                unpublished,
                                forge.header()
                                        .put("jwk", new JsonObject().put("kty", "RSA"))
                                        .put("x5c", new io.vertx.core.json.JsonArray().add("MIIB"))
                                        .encode(),
                                forge.claims().encode())),
                refused(
                        "an extension that must be understood",
                        "malformed",
                        forge -> forge.withHeader(header -> header.put("crit", "exp"))),
                refused(
                        "unknown kid",
                        "unknown_key",
                        forge -> forge.withHeader(header -> header.put("kid", "another"))),
                refused("no kid", "unknown_key", forge -> forge.withHeader(header -> without(header, "kid"))),
                refused("no token at all", "malformed", forge -> "junk"),
                refused("no JSON", "malformed", forge -> "anVuaw.anVuaw.anVuaw"),
                refused("JSON that is no object", "malformed", forge -> "W10.W10.W10"),
                refused("an end that is no number", "malformed", forge -> forge.with(c -> c.put("exp", "soon"))),
                refused("12 KB", "malformed", forge -> forge.with(claims -> claims.put("x", "y".repeat(9_000)))));
    }

    interface Forgery {
        String by(Forge forge);
    }

    private static Arguments refused(String what, String outcome, Forgery forgery) {
        return Arguments.of(what, outcome, forgery);
    }

    private static JsonObject without(JsonObject json, String name) {
        json.remove(name);
        return json;
    }

    private static long now() {
        return Instant.now().getEpochSecond();
    }

    private static String changed(String token) {
        String[] parts = token.split("\\.");
        String claims =
                new String(java.util.Base64.getUrlDecoder().decode(parts[1]), java.nio.charset.StandardCharsets.UTF_8);
        return parts[0] + "."
                + TokenIssuer.base64Url(
                        claims.replace(CUSTOMER, UUID.randomUUID().toString())) + "." + parts[2];
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forged")
    void aTokenThatIsWrongIs401AndTheIssuerIsNotAsked(String what, String outcome, Forgery forgery) {
        HttpResponse<String> refused = get("/customers/" + CUSTOMER, forgery.by(forge));
        assertThat(refused.statusCode()).as(what).isEqualTo(401);
        assertThat(refused.headers().firstValue("www-authenticate"))
                .contains("Bearer realm=\"doorbell\", error=\"invalid_token\"");
        assertThat(refused.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(count(outcome)).as(what + ", counted as " + outcome).isEqualTo(1);
        assertThat(callsToTheIssuer()).as("calls of the issuer").isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"iat", "nbf"})
    void anIssuerWhoseClockIsALittleAheadIsBelieved(String claim) {
        String token = forge.with(
                claims -> claims.put("customerId", CUSTOMER).put("iat", now()).put(claim, now() + 3));
        assertThat(get("/customers/" + CUSTOMER, token).statusCode()).as(claim).isEqualTo(200);
    }

    @Test
    void noTokenIs401() {
        for (HttpResponse<String> refused : List.of(
                send(request("/customers/" + CUSTOMER)),
                send(request("/customers/" + CUSTOMER).header("Authorization", "Basic YTpi")),
                send(request("/customers/" + CUSTOMER).header("Authorization", "Bearer")),
                send(request("/customers/" + CUSTOMER + "?access_token=" + forge.of(CUSTOMER))))) {
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("www-authenticate")).contains("Bearer realm=\"doorbell\"");
        }
        assertThat(callsToTheIssuer()).isZero();
    }

    @Test
    void twoAuthorizationHeadersAreRefusedThoughBothAreGood() {
        String token = "Bearer " + forge.of(CUSTOMER);
        HttpResponse<String> refused = send(
                request("/customers/" + CUSTOMER).header("Authorization", token).header("Authorization", token));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.headers().firstValue("www-authenticate").orElseThrow())
                .contains("error=\"invalid_request\"");
        assertThat(get("/customers/" + CUSTOMER, forge.of(CUSTOMER) + ", " + token)
                        .statusCode())
                .as("two in one header")
                .isEqualTo(401);
        assertThat(callsToTheIssuer()).isZero();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aTokenOf20KilobytesIsNotEvenTakenIn(HttpClient.Version version) {
        String token = forge.with(claims -> claims.put("x", "y".repeat(15_000)));
        assertThat(token.length()).isGreaterThan(20_000);
        // An upgrade to HTTP/2 takes a first request.
        assertThat(get("/customers/" + CUSTOMER, forge.of(CUSTOMER)).statusCode())
                .isEqualTo(200);
        assertThat(send(request("/customers/" + CUSTOMER).version(version).header("Authorization", "Bearer " + token))
                        .statusCode())
                .isEqualTo(431);
        assertThat(callsToTheIssuer()).isZero();
    }

    @Test
    void aFloodOfUnknownKeysIsOneReadingIn30Seconds() {
        pass(Duration.ofSeconds(29));
        flood();
        assertThat(callsToTheIssuer()).as("within 30 s of the last reading").isZero();
        pass(Duration.ofSeconds(2));
        flood();
        assertThat(callsToTheIssuer()).as("after 31 s").isEqualTo(1);
        pass(Duration.ofSeconds(29));
        flood();
        assertThat(callsToTheIssuer()).as("after 60 s").isEqualTo(1);
    }

    private void flood() {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String kid = "unknown-" + i;
            HttpRequest request = request("/customers/" + CUSTOMER)
                    .header("Authorization", "Bearer " + forge.withHeader(header -> header.put("kid", kid)))
                    .build();
            answers.add(client.sendAsync(request, BodyHandlers.ofString()));
        }
        answers.forEach(answer -> assertThat(
                        answer.orTimeout(20, TimeUnit.SECONDS).join().statusCode())
                .isEqualTo(401));
    }

    @Test
    void junkWithAnUnknownKeyIsRefusedForWhatElseIsWrongAndNobodyIsAsked() {
        pass(Duration.ofMinutes(10));
        for (String junk : List.of(
                TokenIssuer.sign(
                        KEY,
                        forge.header().put("kid", "another").encode(),
                        forge.claims().put("exp", now() - 60).encode()),
                TokenIssuer.sign(
                        KEY,
                        forge.header().put("kid", "another").encode(),
                        forge.claims().put("aud", "account").encode()))) {
            assertThat(get("/customers/" + CUSTOMER, junk).statusCode()).isEqualTo(401);
        }
        assertThat(callsToTheIssuer()).isZero();
    }

    @Test
    void aRotatedKeyIsTakenUpWithoutARestartAndAWithdrawnOneIsForgotten() {
        Key next = TokenIssuer.newKey();
        Forge later = new Forge(issuer, next, Instant.now());
        issuer.publish(next, KEY);
        pass(Duration.ofSeconds(31));
        assertThat(get("/customers/" + CUSTOMER, later.of(CUSTOMER)).statusCode())
                .as("the first token that names it")
                .isEqualTo(200);
        assertThat(get("/customers/" + CUSTOMER, forge.of(CUSTOMER)).statusCode())
                .as("the old one is still published")
                .isEqualTo(200);
        assertThat(callsToTheIssuer()).isEqualTo(1);

        issuer.publish(next);
        pass(Duration.ofSeconds(31));
        get("/customers/" + CUSTOMER, forge.withHeader(header -> header.put("kid", "makes it look")));
        assertThat(callsToTheIssuer()).isEqualTo(2);
        assertThat(get("/customers/" + CUSTOMER, forge.of(CUSTOMER)).statusCode())
                .as("withdrawn")
                .isEqualTo(401);
    }

    /** The body arrives while the key is looked for. */
    @Test
    void aBodyWaitsForTheReading() {
        Key next = TokenIssuer.newKey();
        issuer.publish(next);
        pass(Duration.ofSeconds(31));
        HttpResponse<String> answer = send(request("/customers/" + CUSTOMER)
                .header("Authorization", "Bearer " + new Forge(issuer, next, Instant.now()).of(CUSTOMER))
                .method("PATCH", HttpRequest.BodyPublishers.ofString("x".repeat(30_000))));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).hasSize(30_000);
    }

    @Test
    void anIssuerThatIsDownLocksNobodyOut() {
        issuer.down();
        pass(Duration.ofSeconds(31));
        assertThat(get("/customers/" + CUSTOMER, forge.withHeader(header -> header.put("kid", "another")))
                        .statusCode())
                .isEqualTo(401);
        assertThat(callsToTheIssuer()).as("it was asked").isEqualTo(1);
        assertThat(get("/customers/" + CUSTOMER, forge.of(CUSTOMER)).statusCode())
                .isEqualTo(200);
        issuer.up();
        for (String wrong : List.of("{\"keys\":[]}", "no JSON", "{\"keys\":[" + " ".repeat(70_000) + "]}")) {
            issuer.answer(wrong);
            pass(Duration.ofSeconds(31));
            get("/customers/" + CUSTOMER, forge.withHeader(header -> header.put("kid", "another")));
            assertThat(get("/customers/" + CUSTOMER, forge.of(CUSTOMER)).statusCode())
                    .isEqualTo(200);
        }
        assertThat(callsToTheIssuer()).isEqualTo(4);
    }

    @Test
    void keysThatCouldNotBeReadForLongAreToldAndStayInUse() {
        issuer.down();
        pass(EVERY.multipliedBy(3).minusSeconds(60));
        assertThat(get(health.report()).getString("status"))
                .as("within three intervals")
                .isEqualTo("up");
        pass(Duration.ofSeconds(120));
        assertThat(get(health.report()).getString("status"))
                .as("after three intervals")
                .isEqualTo("degraded");
        assertThat(metrics.get("doorbell.tokens.keys.age").timeGauge().value(TimeUnit.MINUTES))
                .isBetween(181.0, 182.0);
        assertThat(get("/customers/" + CUSTOMER, forge.of(CUSTOMER)).statusCode())
                .isEqualTo(200);
        issuer.up();
        get("/customers/" + CUSTOMER, forge.withHeader(header -> header.put("kid", "makes it look")));
        assertThat(get(health.report()).getString("status")).as("read again").isEqualTo("up");
    }

    @Test
    void withoutKeysNobodyCanTellAndTheyAreReadAsSoonAsTheyAreThere() {
        issuer.down();
        serve();
        HttpResponse<String> answer = get("/customers/" + CUSTOMER, forge.of(CUSTOMER));
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("retry-after")).isPresent();
        assertThat(get("/customers/" + CUSTOMER, "junk").statusCode()).isEqualTo(401);
        assertThat(get(health.report()).getString("status")).isEqualTo("degraded");
        issuer.up();
        awaitKeys();
        assertThat(get("/customers/" + CUSTOMER, forge.of(CUSTOMER)).statusCode())
                .isEqualTo(200);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private int callsToTheIssuer() {
        return issuer.requests() - requestsBefore;
    }

    private double count(String outcome) {
        return metrics.counter("doorbell.tokens", "outcome", outcome).count();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path))
                .timeout(Duration.ofSeconds(20));
    }

    private HttpResponse<String> get(String path, String token) {
        return send(request(path).header("Authorization", "Bearer " + token));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), BodyHandlers.ofString())
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private static <T> T get(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }
}
