package dev.doorbell.customer.usecase;

import static dev.doorbell.customer.TestStack.count;
import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.doorbell.customer.KeycloakFront;
import dev.doorbell.customer.TestKeycloak;
import dev.doorbell.customer.TestStack;
import dev.doorbell.customer.domain.PaymentOutcome;
import dev.doorbell.customer.keycloak.KeycloakIdentityProvider;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.customer.store.DriftStore;
import dev.doorbell.customer.store.IdentityStore;
import dev.doorbell.outbox.Outbox;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/** From the registration to the user's own record: the whole service, a real PostgreSQL and a real Keycloak. */
@ExtendWith(VertxExtension.class)
class SetPasswordTest {
    private static final String GOOD = "correct horse battery";

    private Vertx vertx;
    private TestKeycloak keycloak;
    private KeycloakFront front;
    private IdentityService service;
    private WebClient client;
    private Pool pool;
    private String id;
    private String secret;

    @BeforeEach
    void signUp(Vertx theVertx) {
        vertx = theVertx;
        keycloak = new TestKeycloak(vertx, Duration.ofSeconds(60));
        front = new KeycloakFront(vertx, keycloak.url());
        service = new IdentityService(
                vertx, TestStack.newMigratedDatabase(), keycloak, front.url().toString());
        client = WebClient.create(vertx);
        pool = TestStack.pool(vertx, service.database);
        JsonObject answer = service.signUp("ada");
        id = answer.getString("id");
        secret = answer.getString("passwordSecret");
    }

    private void succeed() {
        requestUser();
        authorizePayment();
    }

    /** As by the registration's event. */
    private void requestUser() {
        RequestIdentity request = new RequestIdentity(new IdentityStore());
        get(pool.withTransaction(connection -> request.request(connection, UUID.fromString(id), SignUps.TRACEPARENT)));
    }

    /** As by the payment service's reply. */
    private void authorizePayment() {
        UUID customer = UUID.fromString(id);
        DecideRegistration decide = new DecideRegistration(new CustomerStore(), new Outbox());
        get(pool.withTransaction(connection -> decide.onPayment(
                connection, customer, UUID.randomUUID(), PaymentOutcome.AUTHORIZED, null, SignUps.TRACEPARENT)));
        await("success")
                .atMost(Duration.ofSeconds(40))
                .until(() -> service.body("/registrations/" + id).contains("REGISTRATION_SUCCESS"));
    }

    @Test
    void whoRegisteredSetsThePasswordSignsInAndReadsTheirOwnRecordAndNobodyElseDoes() {
        requestUser();
        await("its user is made")
                .atMost(Duration.ofSeconds(40))
                .until(() -> count(pool, "identity WHERE state = 'PROVISIONED'") == 1);
        assertThat(set(secret, GOOD).statusCode()).as("while pending").isEqualTo(409);
        authorizePayment();
        assertThat(keycloak.signIn("ada", GOOD).getString("error")).isEqualTo("invalid_grant");
        assertThat(set(secret, GOOD).statusCode()).isEqualTo(204);

        JsonObject tokens = keycloak.signIn("ada", GOOD);
        String own = tokens.getString("access_token");
        HttpResponse<Buffer> record = read(id, own);
        assertThat(record.statusCode()).as("the own record").isEqualTo(200);
        assertThat(record.bodyAsJsonObject().getString("username")).isEqualTo("ada");
        assertThat(change(own, record.getHeader("ETag"), "Augusta").statusCode())
                .isEqualTo(200);

        String another = keycloak.signIn("visitor", "visitor-local").getString("access_token");
        assertThat(read(id, another).statusCode()).as("somebody else").isEqualTo(404);
        assertThat(change(another, "*", "Eve").statusCode())
                .as("somebody else changes it")
                .isEqualTo(404);
        assertThat(read(service.register("grace").toString(), own).statusCode())
                .as("somebody else's")
                .isEqualTo(404);
        String operator = keycloak.signIn("operator", "operator-local").getString("access_token");
        assertThat(read(id, operator).statusCode()).as("the operator").isEqualTo(200);
        assertThat(read(UUID.randomUUID().toString(), operator).statusCode()).isEqualTo(404);

        assertThat(get(client.getAbs(service.address("/customers/" + id)).send())
                        .statusCode())
                .as("without a token")
                .isEqualTo(401);
        assertThat(read(id, tokens.getString("id_token")).statusCode())
                .as("the ID token")
                .isEqualTo(401);
        assertThat(read(id, tokens.getString("refresh_token")).statusCode())
                .as("the refresh token")
                .isEqualTo(401);
    }

    @Test
    void withKeycloakDownTokensAreGoodAndPasswordsHaveToWait() {
        succeed();
        String operator = keycloak.signIn("operator", "operator-local").getString("access_token");
        assertThat(read(id, operator).statusCode()).isEqualTo(200);
        int before = front.count();
        assertThat(read(id, operator).statusCode()).isEqualTo(200);
        assertThat(front.count()).as("calls of Keycloak for a token").isEqualTo(before);
        front.down();
        assertThat(read(id, operator).statusCode()).as("a good token").isEqualTo(200);
        HttpResponse<Buffer> refused = set(secret, GOOD);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.getHeader("Retry-After")).isNotNull();
    }

    @Test
    void aSecretIsGoodForOnePassword() {
        succeed();
        assertThat(set(secret, GOOD).statusCode()).isEqualTo(204);
        long before = passwordCalls();
        HttpResponse<Buffer> again = set(secret, "another " + GOOD);
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.bodyAsJsonObject().getString("type")).endsWith("password-already-set");
        assertThat(passwordCalls()).as("calls of Keycloak").isEqualTo(before);
        assertThat(keycloak.signIn("ada", GOOD).containsKey("access_token")).isTrue();
    }

    @Test
    void ofManyAttemptsAtOnceOverTwoInstancesOneSetsThePassword() {
        succeed();
        IdentityService second = new IdentityService(
                vertx, service.database, keycloak, front.url().toString());
        List<Future<HttpResponse<Buffer>>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            IdentityService instance = i % 2 == 0 ? service : second;
            answers.add(send(instance, id, secret, GOOD + i));
        }
        List<Integer> statuses =
                answers.stream().map(answer -> get(answer).statusCode()).toList();
        assertThat(front.count(HttpMethod.PUT, "/reset-password")).as("one PUT").isEqualTo(1);
        assertThat(statuses).containsOnlyOnce(204).isSubsetOf(204, 409);
        int winner = statuses.indexOf(204);
        assertThat(keycloak.signIn("ada", GOOD + winner).containsKey("access_token"))
                .isTrue();
    }

    @Test
    void aWrongSecretIsToldWithoutAskingAnybody() {
        succeed();
        int before = front.count();
        String anothers = service.signUp("grace").getString("passwordSecret");
        for (String wrong : List.of(anothers, secret.substring(1), "x")) {
            assertThat(set(wrong, GOOD).statusCode()).isEqualTo(403);
        }
        assertThat(get(send(service, UUID.randomUUID().toString(), secret, GOOD))
                        .statusCode())
                .as("no such registration")
                .isEqualTo(403);
        assertThat(front.count()).isEqualTo(before);
        assertThat(count(pool, "password_attempt")).isZero();
        assertThat(keycloak.signIn("ada", GOOD).containsKey("access_token")).isFalse();
    }

    @Test
    void aSecretExpires() {
        succeed();
        get(pool.query("UPDATE customer SET settled_at = now() - interval '24 hours 1 second'")
                .execute());
        assertThat(set(secret, GOOD).statusCode()).isEqualTo(410);
        assertThat(passwordCalls()).isZero();
        get(pool.query("UPDATE customer SET created_at = now() - interval '3 days',"
                        + " settled_at = now() - interval '23 hours 59 minutes'")
                .execute());
        assertThat(set(secret, GOOD).statusCode())
                .as("a registration that took days")
                .isEqualTo(204);
    }

    @Test
    void thePolicySpeaksAndRepeatsNothingAndAttemptsAreLimited() {
        succeed();
        HttpResponse<Buffer> tooShort = set(secret, "Zq7!xyz");
        assertThat(tooShort.statusCode()).isEqualTo(400);
        assertThat(tooShort.getHeader("Content-Type")).isEqualTo("application/problem+json");
        JsonObject error = tooShort.bodyAsJsonObject().getJsonArray("errors").getJsonObject(0);
        assertThat(error.getString("pointer")).isEqualTo("/password");
        assertThat(error.getString("detail")).contains("minimum length 8");
        assertThat(tooShort.bodyAsString()).doesNotContain("Zq7!xyz").doesNotContain(secret);
        for (int i = 2; i <= 10; i++) {
            assertThat(set(secret, "short" + i).statusCode()).as("attempt " + i).isEqualTo(400);
        }
        long before = passwordCalls();
        assertThat(set(secret, GOOD).statusCode()).as("attempt 11").isEqualTo(429);
        assertThat(passwordCalls()).isEqualTo(before);
        assertThat(keycloak.signIn("ada", GOOD).containsKey("access_token")).isFalse();
    }

    @Test
    void whatKeycloakHasNotDoneUsesUpNoAttempt() {
        succeed();
        for (int i = 1; i <= 9; i++) {
            front.next(HttpMethod.PUT, "/reset-password", KeycloakFront.answer(403));
            assertThat(set(secret, GOOD).statusCode()).as("attempt " + i).isEqualTo(503);
        }
        front.next(HttpMethod.PUT, "/reset-password", KeycloakFront.answer(429, "Retry-After", "17"));
        assertThat(set(secret, GOOD).getHeader("Retry-After"))
                .as("as Keycloak asks")
                .isEqualTo("17");
        assertThat(set(secret, GOOD).statusCode()).as("attempt 11").isEqualTo(204);
    }

    @Test
    void anAttemptThatHasNotSentThePasswordKeepsNobodyOut() {
        succeed();
        String user = "/" + keycloak.usersOf(UUID.fromString(id)).get(0).getString("id");
        front.next(HttpMethod.GET, user, KeycloakFront.answer(500));
        assertThat(set(secret, GOOD).statusCode()).as("whose user it is").isEqualTo(503);
        front.next(HttpMethod.GET, "/credentials", KeycloakFront.cut());
        HttpResponse<Buffer> second = set(secret, GOOD);
        assertThat(second.statusCode()).as("whether it has one").isEqualTo(503);
        assertThat(set(secret, GOOD).statusCode()).as("at once").isEqualTo(204);
        assertThat(second.getHeader("Retry-After")).isEqualTo("5");
    }

    /** What was in its way when it was to begin is over when it is asked for. */
    @Test
    void whoHasAttemptsLeftIsNotToldOtherwise() {
        succeed();
        RegistrationSecrets secrets = new RegistrationSecrets(new byte[32]);
        KeycloakIdentityProvider provider =
                new KeycloakIdentityProvider(vertx, keycloak.config(front.url(), Duration.ofSeconds(10)));
        SetPassword late =
                new SetPassword(beginningTooEarly(), provider, secrets, new SetPassword.Limits(Duration.ofHours(24)));
        Promise<SetPassword.Result> result = Promise.promise();
        vertx.runOnContext(go -> late.set(UUID.fromString(id), secret, GOOD).onComplete(result));
        assertThat(get(result.future())).isInstanceOf(SetPassword.Result.UnderWay.class);
        provider.close();
    }

    /** The pool, to which the statement that begins an attempt shows the registration as it was before its end. */
    private Pool beginningTooEarly() {
        return (Pool) Proxy.newProxyInstance(
                Pool.class.getClassLoader(),
                new Class<?>[] {Pool.class},
                (proxy, method, arguments) -> method.getName().equals("preparedQuery")
                        ? pool.preparedQuery(((String) arguments[0])
                                .replace("status = 'REGISTRATION_SUCCESS'", "status = 'REGISTRATION_PENDING'"))
                        : method.invoke(pool, arguments));
    }

    /** As after a repair: Keycloak came back from a backup without the user, and it is made again. */
    @Test
    void aUserThatIsMadeAgainGetsItsFirstPasswordBySecret() {
        succeed();
        assertThat(set(secret, GOOD).statusCode()).isEqualTo(204);
        UUID customer = UUID.fromString(id);
        String before = keycloak.usersOf(customer).get(0).getString("id");
        keycloak.removeUser(before);
        assertThat(set(secret, GOOD).statusCode()).as("while it is gone").isEqualTo(409);
        DriftStore drift = new DriftStore();
        assertThat(get(drift.enableAgain(
                        pool, get(drift.records(pool, Set.of(customer))).get(0))))
                .isTrue();
        await("its user is made again")
                .atMost(Duration.ofSeconds(40))
                .until(() -> count(pool, "identity WHERE state = 'ENABLED' AND user_id <> '" + before + "'") == 1);
        assertThat(set(secret, "new " + GOOD).statusCode()).as("made again").isEqualTo(204);
        assertThat(keycloak.signIn("ada", "new " + GOOD).containsKey("access_token"))
                .isTrue();
        assertThat(set(secret, GOOD).statusCode()).as("once more").isEqualTo(409);
    }

    /** The effect took place, and its answer was lost: until the token of the attempt has ended nobody may try again. */
    @Test
    void anAttemptWithoutAnAnswerKeepsOthersOutAndIsFoundToHaveSucceeded() {
        succeed();
        front.next(HttpMethod.PUT, "/reset-password", KeycloakFront.answerAfterEffect(500));
        HttpResponse<Buffer> lost = set(secret, GOOD);
        assertThat(lost.statusCode()).isEqualTo(503);
        HttpResponse<Buffer> soon = set(secret, "another " + GOOD);
        assertThat(soon.statusCode()).isEqualTo(409);
        // A fresh token is good for 60 s, is used for 48 of them, and Keycloak works on a request for 30 s at most.
        assertThat(Integer.parseInt(lost.getHeader("Retry-After")))
                .as("when to try again")
                .isBetween(30, 90);
        assertThat(Integer.parseInt(soon.getHeader("Retry-After")))
                .as("when to try again, told the next one")
                .isBetween(30, 90);
        get(pool.query("UPDATE password_attempt SET busy_until = now()").execute());
        HttpResponse<Buffer> later = set(secret, "another " + GOOD);
        assertThat(later.statusCode()).as("Keycloak has one").isEqualTo(409);
        assertThat(later.bodyAsJsonObject().getString("type")).endsWith("password-already-set");
        assertThat(keycloak.signIn("ada", GOOD).containsKey("access_token")).isTrue();
    }

    @Test
    void neitherPasswordNorSecretIsInATableOrALog() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger ours = (Logger) LoggerFactory.getLogger("dev.doorbell");
        Level before = ours.getLevel();
        ours.setLevel(Level.TRACE);
        ours.addAppender(log);
        try {
            succeed();
            set(secret, "2short");
            front.next(HttpMethod.PUT, "/reset-password", KeycloakFront.answer(500));
            assertThat(set(secret, GOOD).statusCode()).isEqualTo(503);
            get(pool.query("UPDATE password_attempt SET busy_until = NULL").execute());
            assertThat(set(secret, GOOD).statusCode()).isEqualTo(204);
        } finally {
            ours.detachAppender(log);
            ours.setLevel(before);
        }
        assertThat(log.list).isNotEmpty();
        StringBuilder kept = new StringBuilder();
        List.copyOf(log.list)
                .forEach(event -> kept.append(event.getFormattedMessage()).append('\n'));
        get(pool.query("SELECT quote_ident(table_name) FROM information_schema.tables WHERE table_schema = 'public'"
                                + " AND table_type = 'BASE TABLE'")
                        .execute())
                .forEach(table -> get(pool.query("SELECT t::text FROM " + table.getString(0) + " t")
                                .execute())
                        .forEach((Row row) -> kept.append(row.getString(0)).append('\n')));
        assertThat(kept.toString()).contains(id).doesNotContain(GOOD, "2short", secret);
    }

    @Test
    void wrongRequestsAreProblemsWithoutTheirValues() {
        for (JsonObject wrong : List.of(
                new JsonObject().put("secret", secret),
                new JsonObject().put("secret", secret).put("password", ""),
                new JsonObject().put("secret", secret).put("password", "x".repeat(129)),
                new JsonObject().put("secret", secret).put("password", 12_345_678),
                new JsonObject().put("secret", secret).put("password", GOOD).put("username", "ada"))) {
            HttpResponse<Buffer> answer = get(client.postAbs(service.address("/registrations/" + id + "/password"))
                    .sendJsonObject(wrong));
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.bodyAsString()).doesNotContain(secret, GOOD, "12345678");
        }
        assertThat(get(send(service, "4711", secret, GOOD)).statusCode()).isEqualTo(400);
    }

    private long passwordCalls() {
        return front.count(HttpMethod.GET, "/credentials") + front.count(HttpMethod.PUT, "/reset-password");
    }

    private HttpResponse<Buffer> set(String withSecret, String password) {
        return get(send(service, id, withSecret, password));
    }

    private Future<HttpResponse<Buffer>> send(
            IdentityService instance, String registration, String withSecret, String password) {
        return client.postAbs(instance.address("/registrations/" + registration + "/password"))
                .sendJsonObject(new JsonObject().put("secret", withSecret).put("password", password));
    }

    private HttpResponse<Buffer> read(String customer, String token) {
        return get(client.getAbs(service.address("/customers/" + customer))
                .bearerTokenAuthentication(token)
                .send());
    }

    private HttpResponse<Buffer> change(String token, String ifMatch, String firstName) {
        return get(client.patchAbs(service.address("/customers/" + id))
                .bearerTokenAuthentication(token)
                .putHeader("If-Match", ifMatch)
                .sendJsonObject(new JsonObject().put("firstName", firstName)));
    }
}
