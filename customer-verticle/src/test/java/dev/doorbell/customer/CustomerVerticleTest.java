package dev.doorbell.customer;

import static dev.doorbell.customer.TestStack.count;
import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Metrics;
import dev.doorbell.service.Migrations;
import dev.doorbell.service.StartException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Pool;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The whole service over HTTP, on real PostgreSQL and Kafka. */
@ExtendWith(VertxExtension.class)
class CustomerVerticleTest {
    private final String group = "customer-" + UUID.randomUUID();
    private Vertx vertx;
    private DatabaseUrl url;
    private Pool pool;
    private CustomerVerticle verticle;
    private WebClient client;

    @BeforeEach
    void deploy(Vertx theVertx) {
        vertx = theVertx;
        url = TestStack.newMigratedDatabase();
        pool = TestStack.pool(vertx, url);
        verticle = verticle(url);
        get(vertx.deployVerticle(verticle));
        client = WebClient.create(vertx);
    }

    @Test
    void aRegistrationIsAcceptedAndCanBeFollowed() {
        for (String path : List.of("/customers", "/customers/")) {
            JsonObject body = registration("Ada" + path.length());
            HttpResponse<Buffer> answer = post(path, body.toBuffer(), "application/json; charset=utf-8");
            assertThat(answer.statusCode()).isEqualTo(202);
            String id = answer.bodyAsJsonObject().getString("id");
            assertThat(answer.getHeader("Location")).isEqualTo("/registrations/" + id);
            assertThat(answer.bodyAsJsonObject().getString("username")).isEqualTo("ada" + path.length());

            JsonObject registration = call("/registrations/" + id).bodyAsJsonObject();
            assertThat(registration.fieldNames()).containsExactlyInAnyOrder("id", "status", "createdAt");
            assertThat(registration.getString("status")).isEqualTo("REGISTRATION_PENDING");
            JsonObject customer = call("/customers/" + id).bodyAsJsonObject();
            assertThat(customer.getJsonObject("card").getString("lastFour")).isEqualTo("1111");
            assertThat(customer.encode()).doesNotContain("4111111111111111");
        }
    }

    @Test
    void aTakenUsernameIsAConflict() {
        assertThat(post("/customers", registration("ada").toBuffer(), "application/json")
                        .statusCode())
                .isEqualTo(202);
        HttpResponse<Buffer> answer = post("/customers", registration("ADA").toBuffer(), "application/json");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.getHeader("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.bodyAsJsonObject().getJsonArray("errors"))
                .isEqualTo(new JsonArray()
                        .add(new JsonObject().put("pointer", "/username").put("detail", "is taken")));
    }

    @Test
    void wrongRequestsAreProblems() {
        JsonObject wrong = registration("ada").put("lastName", 7).put("extra", 1);
        HttpResponse<Buffer> answer = post("/customers", wrong.toBuffer(), "application/json");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.bodyAsJsonObject().getJsonArray("errors")).hasSize(2);
        assertThat(post("/customers", Buffer.buffer("{"), "application/json").statusCode())
                .isEqualTo(400);
        assertThat(post("/customers", Buffer.buffer(), "application/json").statusCode())
                .isEqualTo(400);
        assertThat(post("/customers", registration("ada").toBuffer(), "text/plain")
                        .statusCode())
                .isEqualTo(415);
        Buffer large = registration("ada").put("firstName", "a".repeat(70_000)).toBuffer();
        assertThat(post("/customers", large, "application/json").statusCode()).isEqualTo(413);
        assertThat(call("/customers/7").statusCode()).isEqualTo(400);
        assertThat(call("/customers/" + UUID.randomUUID()).statusCode()).isEqualTo(404);
        assertThat(call("/registrations/" + UUID.randomUUID()).statusCode()).isEqualTo(404);
        assertThat(call("/nowhere").statusCode()).isEqualTo(404);
        assertThat(call("/customers").statusCode()).isEqualTo(405);
        assertThat(count(pool, "customer")).isZero();
    }

    @Test
    void theTraceContextIsCarriedOnWhenItIsValid() {
        String valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        for (String traceparent : List.of(valid, "00-00000000000000000000000000000000-b7ad6b7169203331-01", "x")) {
            get(client.postAbs(address("/customers"))
                    .putHeader("traceparent", traceparent)
                    .sendJsonObject(
                            registration("ada" + traceparent.length() + traceparent.charAt(3 % traceparent.length()))));
        }
        assertThat(count(pool, "outbox WHERE traceparent = '" + valid + "'")).isEqualTo(1);
        assertThat(count(pool, "outbox")).isEqualTo(count(pool, "outbox WHERE traceparent IS NULL") + 1);
    }

    @Test
    void serverSentEventsTellTheEndWhicheverInstanceMakesIt() {
        String id = post("/customers", registration("ada").toBuffer(), "application/json")
                .bodyAsJsonObject()
                .getString("id");
        List<String> events = new CopyOnWriteArrayList<>();
        Future<Void> ended = stream(id, events);
        await("pending").until(() -> String.join("", events).contains("REGISTRATION_PENDING"));
        // Another instance, or a person: the row changes without this one's doing.
        get(pool.query("UPDATE customer SET status = 'REGISTRATION_FAILED', reason = 'NO_BALANCE_LEFT', "
                        + "settled_at = now() WHERE id = '" + id + "'")
                .execute());
        get(ended);
        assertThat(String.join("", events))
                .startsWith("retry: 2000\nevent: status\ndata: {")
                .contains("\"reason\":\"NO_BALANCE_LEFT\"")
                .endsWith("}\n\n");
        List<String> again = new CopyOnWriteArrayList<>();
        get(stream(id, again));
        assertThat(String.join("", again)).containsOnlyOnce("event: status").contains("REGISTRATION_FAILED");
    }

    @Test
    void healthMetricsAndContractAreServed() throws Exception {
        assertThat(call("/health/live").statusCode()).isEqualTo(200);
        assertThat(call("/health/ready").statusCode()).isEqualTo(200);
        assertThat(call("/health/ready").bodyAsJsonObject().getString("status")).isEqualTo("up");
        post("/customers", registration("ada").toBuffer(), "application/json");
        assertThat(call("/metrics").bodyAsString())
                .contains("doorbell_consumer_processed_total", "doorbell_registrations_deadlocked_total", "jvm_memory");
        assertThat(call("/openapi.yaml").bodyAsString()).startsWith("openapi: 3.1.0");
    }

    @Test
    void aClientThatLeavesIsNoLongerWatchedFor() {
        String id = post("/customers", registration("ada").toBuffer(), "application/json")
                .bodyAsJsonObject()
                .getString("id");
        HttpClient leaving = vertx.createHttpClient();
        stream(leaving, id, new CopyOnWriteArrayList<>());
        await().until(() -> call("/metrics").bodyAsString().contains("\ndoorbell_registration_watchers 1.0"));
        get(leaving.close());
        await().until(() -> call("/metrics").bodyAsString().contains("\ndoorbell_registration_watchers 0.0"));
    }

    @Test
    void aStopEndsOpenStreamsAndDoesNotWaitForThem() {
        String id = post("/customers", registration("ada").toBuffer(), "application/json")
                .bodyAsJsonObject()
                .getString("id");
        List<String> events = new CopyOnWriteArrayList<>();
        Future<Void> ended = stream(id, events);
        await().until(() -> String.join("", events).contains("REGISTRATION_PENDING"));
        long before = System.nanoTime();
        get(vertx.undeploy(verticle.deploymentID()));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
        // Not broken off: the last chunk has come.
        get(ended);
    }

    @Test
    void withOneConnectionOneIsAllThatItOpens() {
        DatabaseUrl small = TestStack.newMigratedDatabase();
        Pool onlooker = TestStack.pool(vertx, small);
        CustomerVerticle frugal = verticle(
                small,
                Map.of(
                        "DATABASE_POOL_SIZE", "1",
                        "SAGA_DEADLOCK_CHECK_INTERVAL_MS", "100"));
        get(vertx.deployVerticle(frugal));
        // The detector's first check goes by the consumer's pool.
        await().until(() -> count(
                        onlooker,
                        "saga_watch WHERE checked_at > (SELECT backend_start FROM pg_stat_activity "
                                + "WHERE datname = current_database() AND application_name LIKE 'customer-%' LIMIT 1)")
                == 1);
        assertThat(get(client.postAbs("http://127.0.0.1:" + frugal.httpPort() + "/customers")
                                .sendJsonObject(registration("ada")))
                        .statusCode())
                .isEqualTo(202);
        assertThat(count(
                        onlooker,
                        "pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'customer-%'"))
                .isEqualTo(1);
    }

    @Test
    void neitherCardNumberNorCvvLiesInAnyTable() {
        String number = "5555555555554444";
        String cvv = "739";
        JsonObject body = registration("ada");
        body.getJsonObject("card").put("number", number).put("cvv", cvv);
        assertThat(post("/customers", body.toBuffer(), "application/json").statusCode())
                .isEqualTo(202);
        List<String> tables = new ArrayList<>();
        get(pool.query("SELECT quote_ident(table_name) FROM information_schema.tables WHERE table_schema = 'public'")
                        .execute())
                .forEach(row -> tables.add(row.getString(0)));
        assertThat(tables).contains("customer", "outbox", "outbox_readable", "dead_letter");
        StringBuilder rows = new StringBuilder();
        for (String table : tables) {
            get(pool.query("SELECT t::text FROM " + table + " t").execute())
                    .forEach(row -> rows.append(row.getString(0)).append('\n'));
        }
        // bytea columns show as hexadecimal digits.
        String hexNumber = HexFormat.of().formatHex(number.getBytes(StandardCharsets.US_ASCII));
        assertThat(rows.toString())
                .contains("************4444")
                .doesNotContain(number, "5555 5555", hexNumber)
                .doesNotContainIgnoringCase("cvv")
                .doesNotContainPattern("\\b" + cvv + "\\b");
    }

    @Test
    void aNumberWithAnExponentBeyondSenseIsAProblemOfTheClient() {
        for (String balance : List.of("1e2147483647", "100e2147483647", "1e-2147483648")) {
            String body = registration("ada").encode().replace("\"100.00\"", balance);
            assertThat(post("/customers", Buffer.buffer(body), "application/json")
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void withoutKafkaTheServiceIsDegradedAndStillAccepts() {
        CustomerVerticle lonely = verticle(url, "127.0.0.1:1");
        get(vertx.deployVerticle(lonely));
        JsonObject ready = get(client.getAbs("http://127.0.0.1:" + lonely.httpPort() + "/health/ready")
                        .send())
                .bodyAsJsonObject();
        assertThat(ready.getString("status")).isEqualTo("degraded");
        assertThat(get(client.postAbs("http://127.0.0.1:" + lonely.httpPort() + "/customers")
                                .sendJsonObject(registration("ada")))
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void anUnmigratedDatabaseStopsTheStart() {
        DatabaseUrl empty = TestStack.newDatabase();
        assertThatThrownBy(() -> get(vertx.deployVerticle(verticle(empty))))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("customers 1")
                .hasMessageContaining("java -jar customer-verticle.jar migrate");
        assertThat(new Migrations(empty, CustomerMain.MIGRATIONS).migrate()).hasSize(10);
        assertThat(new Migrations(empty, CustomerMain.MIGRATIONS).migrate()).isEmpty();
        get(vertx.deployVerticle(verticle(empty)));
    }

    private CustomerVerticle verticle(DatabaseUrl database) {
        return verticle(database, TestStack.bootstrapServers());
    }

    private CustomerVerticle verticle(DatabaseUrl database, String bootstrapServers) {
        return verticle(database, Map.of("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers));
    }

    private CustomerVerticle verticle(DatabaseUrl database, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(TestStack.environment(database));
        environment.put("CONSUMER_GROUP", group);
        environment.putAll(settings);
        return new CustomerVerticle(CustomerConfig.read(new Environment(environment)), Metrics.ofProcess());
    }

    private HttpResponse<Buffer> post(String path, Buffer body, String type) {
        return get(client.postAbs(address(path)).putHeader("Content-Type", type).sendBuffer(body));
    }

    private HttpResponse<Buffer> call(String path) {
        return get(client.getAbs(address(path)).send());
    }

    private String address(String path) {
        return "http://127.0.0.1:" + verticle.httpPort() + path;
    }

    private Future<Void> stream(String id, List<String> chunks) {
        return stream(vertx.createHttpClient(), id, chunks);
    }

    private Future<Void> stream(HttpClient streamClient, String id, List<String> chunks) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(address("/registrations/" + id))
                .putHeader("Accept", "text/event-stream");
        return streamClient.request(options).compose(request -> request.send()).compose(response -> {
            response.handler(chunk -> chunks.add(chunk.toString()));
            return response.end();
        });
    }

    static JsonObject registration(String username) {
        return new JsonObject()
                .put("firstName", "Ada")
                .put("lastName", "Sample")
                .put("username", username)
                .put(
                        "card",
                        new JsonObject()
                                .put("number", "4111111111111111")
                                .put("holderName", "A Sample")
                                .put("cvv", "123")
                                .put("validThru", "2030-01-31")
                                .put("balance", "100.00"));
    }
}
