package dev.doorbell.customer;

import static dev.doorbell.customer.TestStack.count;
import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Load while Kafka is away: nothing is settled, and what may pile up has a limit. */
@ExtendWith(VertxExtension.class)
class AdmissionTest {
    private static final int PENDING_MAX = 40;
    private static final int REQUESTS = 200;

    private Pool pool;
    private CustomerVerticle verticle;
    private WebClient client;

    @BeforeEach
    void deployWithoutKafka(Vertx vertx) {
        DatabaseUrl url = TestStack.newMigratedDatabase();
        pool = TestStack.pool(vertx, url);
        Map<String, String> environment = new HashMap<>(TestStack.environment(url));
        environment.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1");
        environment.put("ADMISSION_PENDING_MAX", String.valueOf(PENDING_MAX));
        verticle = new CustomerVerticle(CustomerConfig.read(new Environment(environment)), Metrics.ofProcess());
        get(vertx.deployVerticle(verticle));
        client = WebClient.create(vertx, new WebClientOptions().setDefaultPort(verticle.httpPort()));
    }

    @Test
    void noMoreThanTheLimitAreAcceptedAndThereIsRoomAgainWhenTheyEnd() {
        List<Future<HttpResponse<Buffer>>> answers =
                IntStream.range(0, REQUESTS).mapToObj(i -> register("name" + i)).toList();
        answers.forEach(TestStack::get);
        assertThat(answers)
                .filteredOn(answer -> answer.result().statusCode() == 202)
                .hasSize((int) count(pool, "customer"))
                .hasSizeLessThanOrEqualTo(PENDING_MAX);
        assertThat(answers)
                .filteredOn(answer -> answer.result().statusCode() != 202)
                .allSatisfy(answer -> assertIsRefused(answer.result()));
        // What was under way during a count was counted twice: there is room for it after the next.
        AtomicInteger further = new AtomicInteger();
        await("as many as may be pending are")
                .atMost(Duration.ofSeconds(90))
                .until(() ->
                        get(register("further" + further.incrementAndGet())).statusCode() == 503
                                && count(pool, "customer") == PENDING_MAX);
        assertIsRefused(get(register("onemore")));
        assertThat(count(pool, "customer")).isEqualTo(PENDING_MAX);
        assertThat(count(pool, "outbox")).isEqualTo(PENDING_MAX);
        HttpResponse<Buffer> ready = get(client.get("/health/ready").send());
        assertThat(ready.statusCode()).isEqualTo(200);
        JsonObject admission = ready.bodyAsJsonObject().getJsonObject("checks").getJsonObject("admission");
        assertThat(admission.getString("status")).isEqualTo("degraded");

        // As the replies do once Kafka is back.
        get(pool.query("UPDATE customer SET status = 'REGISTRATION_SUCCESS', settled_at = now()")
                .execute());
        await("room")
                .atMost(Duration.ofSeconds(90))
                .until(() -> get(register("another")).statusCode() == 202);
        assertThat(get(client.get("/metrics").send()).bodyAsString())
                .contains("\ndoorbell_registrations_pending ", "\ndoorbell_registration_batch_rows_count ");
    }

    private static void assertIsRefused(HttpResponse<Buffer> answer) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.getHeader("Retry-After")).isEqualTo("10");
        assertThat(answer.getHeader("Content-Type")).isEqualTo("application/problem+json");
    }

    private Future<HttpResponse<Buffer>> register(String username) {
        return client.post("/customers").sendJsonObject(CustomerVerticleTest.registration(username));
    }
}
