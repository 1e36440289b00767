package dev.doorbell.customer;

import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.customer.domain.PaymentOutcome;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.customer.usecase.DecideRegistration;
import dev.doorbell.outbox.Outbox;
import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Pool;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code PATCH /customers/{id}} with the version that the client has seen. */
@ExtendWith(VertxExtension.class)
class CustomerChangeTest {
    private Pool pool;
    private CustomerVerticle verticle;
    private WebClient client;
    private String id;

    @BeforeEach
    void deploy(Vertx vertx) {
        DatabaseUrl url = TestStack.newMigratedDatabase();
        pool = TestStack.pool(vertx, url);
        verticle = new CustomerVerticle(
                CustomerConfig.read(new Environment(TestStack.environment(url))), Metrics.ofProcess());
        get(vertx.deployVerticle(verticle));
        client = WebClient.create(vertx);
        id = get(client.postAbs("http://127.0.0.1:" + verticle.httpPort() + "/customers")
                        .sendJsonObject(CustomerVerticleTest.registration("ada")))
                .bodyAsJsonObject()
                .getString("id");
    }

    @Test
    void theVersionThatWasReadIsChangedAndHasAnotherThen() {
        succeed();
        HttpResponse<Buffer> read = get(request(id).method(HttpMethod.GET).send());
        String tag = read.getHeader("ETag");
        HttpResponse<Buffer> changed = patch(tag, new JsonObject().put("firstName", "Augusta"));
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(changed.bodyAsJsonObject()).isEqualTo(read.bodyAsJsonObject().put("firstName", "Augusta"));
        assertThat(changed.getHeader("ETag")).matches("\"[0-9]+\"").isNotEqualTo(tag);
        HttpResponse<Buffer> late = patch(tag, new JsonObject().put("firstName", "Late"));
        assertThat(late.statusCode()).isEqualTo(412);
        assertThat(late.getHeader("Content-Type")).isEqualTo("application/problem+json");
        assertThat(patch("\"7777\", " + changed.getHeader("ETag"), new JsonObject().put("lastName", "King"))
                        .bodyAsJsonObject()
                        .getString("lastName"))
                .isEqualTo("King");
        assertThat(patch("*", new JsonObject().put("lastName", "Lovelace")).statusCode())
                .isEqualTo(200);
        assertThat(patch("W/" + tag, new JsonObject().put("lastName", "Weak")).statusCode())
                .as("a weak tag never matches")
                .isEqualTo(412);
    }

    @Test
    void ofManyWhoChangeOneVersionAtOnceOneWins() {
        succeed();
        String tag = get(request(id).method(HttpMethod.GET).send()).getHeader("ETag");
        List<Future<HttpResponse<Buffer>>> edits = IntStream.range(0, 20)
                .mapToObj(i -> request(id)
                        .putHeader("If-Match", tag)
                        .sendJsonObject(new JsonObject().put("firstName", "Name " + (char) ('a' + i))))
                .toList();
        assertThat(edits.stream().map(edit -> get(edit).statusCode()).filter(status -> status == 200))
                .hasSize(1);
        assertThat(edits.stream().map(edit -> get(edit).statusCode()).filter(status -> status == 412))
                .hasSize(19);
    }

    @Test
    void aPendingRegistrationIsLockedAndItsEndIsAnotherVersion() {
        String tag = get(request(id).method(HttpMethod.GET).send()).getHeader("ETag");
        assertThat(patch(tag, new JsonObject().put("firstName", "Early")).statusCode())
                .isEqualTo(409);
        assertThat(patch("\"99\"", new JsonObject().put("firstName", "Early")).statusCode())
                .as("whatever the version")
                .isEqualTo(409);
        DecideRegistration decide = new DecideRegistration(new CustomerStore(), new Outbox());
        get(pool.withTransaction(connection -> decide.onPayment(
                connection, UUID.fromString(id), UUID.randomUUID(), PaymentOutcome.AUTHORIZED, null, null)));
        assertThat(patch(tag, new JsonObject().put("firstName", "Late")).statusCode())
                .as("who has read the pending one has not seen its end")
                .isEqualTo(412);
        HttpResponse<Buffer> read = get(request(id).method(HttpMethod.GET).send());
        assertThat(read.getHeader("ETag")).matches("\"[0-9]+\"").isNotEqualTo(tag);
        assertThat(patch(read.getHeader("ETag"), new JsonObject().put("firstName", "Augusta"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void wrongChangesAreProblems() {
        succeed();
        JsonObject change = new JsonObject().put("firstName", "Augusta");
        assertThat(get(request(id).sendJsonObject(change)).statusCode()).isEqualTo(428);
        assertThat(patch("7", change).statusCode()).isEqualTo(400);
        assertThat(patch("\"1\",", change).statusCode()).isEqualTo(400);
        assertThat(patch("*", new JsonObject()).statusCode()).isEqualTo(400);
        assertThat(patch("*", change.copy().put("username", "other")).statusCode())
                .isEqualTo(400);
        assertThat(patch("*", new JsonObject().putNull("firstName")).statusCode())
                .isEqualTo(400);
        assertThat(patch("*", new JsonObject().put("lastName", "4111 1111 1111 1111"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(get(request(UUID.randomUUID().toString())
                                .putHeader("If-Match", "*")
                                .sendJsonObject(change))
                        .statusCode())
                .isEqualTo(404);
        assertThat(get(request(id)
                                .putHeader("If-Match", "*")
                                .putHeader("Content-Type", "text/plain")
                                .sendBuffer(change.toBuffer()))
                        .getHeader("Accept-Patch"))
                .startsWith("application/merge-patch+json");
    }

    private void succeed() {
        get(pool.query("UPDATE customer SET status = 'REGISTRATION_SUCCESS', settled_at = now()")
                .execute());
    }

    private HttpResponse<Buffer> patch(String ifMatch, JsonObject change) {
        return get(request(id)
                .putHeader("If-Match", ifMatch)
                .putHeader("Content-Type", "application/merge-patch+json")
                .sendBuffer(change.toBuffer()));
    }

    private HttpRequest<Buffer> request(String customer) {
        return client.patchAbs("http://127.0.0.1:" + verticle.httpPort() + "/customers/" + customer);
    }
}
