package dev.doorbell.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.payment.domain.TestCardProcessor;
import dev.doorbell.payment.usecase.ReversePayment;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The API of the whole service on PostgreSQL, without a Kafka: the payments it has are still answered for. */
@ExtendWith(VertxExtension.class)
class PaymentApiTest {
    private static PaymentsDatabase database;
    private static RunningPayments service;

    private final UUID customer = UUID.randomUUID();

    @BeforeAll
    static void start(Vertx vertx) {
        database = PaymentsDatabase.create(vertx);
        service = RunningPayments.start(vertx, database.urlText(), RunningPayments.nowhere());
    }

    @AfterAll
    static void stop() {
        service.close();
        database.close();
    }

    @Test
    void anUnknownCustomerHasNoPayments() {
        HttpResponse<String> response = service.get("/payments?customerId=" + customer);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("[]");
    }

    @Test
    void aPaymentIsShownWithItsMoneyAsText() {
        database.inTransaction(
                connection -> Samples.authorizeFee().execute(connection, Samples.request(customer, "2.00")));

        HttpResponse<String> response = service.get("/payments?customerId=" + customer);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(response.headers().firstValue("cache-control")).contains("no-store");
        JsonObject payment = new JsonArray(response.body()).getJsonObject(0);
        String id = payment.getString("id");
        Instant created = OffsetDateTime.parse(payment.getString("createdAt")).toInstant();
        assertThat(Duration.between(created, Instant.now())).isLessThan(Duration.ofMinutes(1));
        assertThat(payment)
                .isEqualTo(new JsonObject()
                        .put("id", id)
                        .put("customerId", customer.toString())
                        .put("status", "AUTHORIZED")
                        .put("reason", null)
                        .put("amount", "2.00")
                        .put("currency", "EUR")
                        .put(
                                "payer",
                                new JsonObject()
                                        .put("name", "Ada Sample")
                                        .put("maskedCard", "**** **** **** 1111")
                                        .put("cardBrand", "VISA"))
                        .put(
                                "payee",
                                new JsonObject()
                                        .put("name", "Doorbell GmbH")
                                        .put("bankAccount", "DE02120300000000202051")
                                        .put("bankName", "Sample Bank"))
                        .put("createdAt", created.toString())
                        .put("updatedAt", created.toString()));
    }

    @Test
    void refusedAndReversedPaymentsAreShownWithTheirReasons() {
        UUID refused = UUID.randomUUID();
        ReversePayment reverse = new ReversePayment(new TestCardProcessor(Samples.CLOCK));
        database.inTransaction(
                connection -> Samples.authorizeFee().execute(connection, Samples.request(refused, "1.99")));
        database.inTransaction(
                connection -> Samples.authorizeFee().execute(connection, Samples.request(customer, "2.00")));
        database.inTransaction(connection -> reverse.execute(connection, customer, "IDENTITY_REFUSED", null));

        assertThat(first("/payments?customerId=" + refused).getMap())
                .containsEntry("status", "REFUSED")
                .containsEntry("reason", "NO_BALANCE_LEFT");
        assertThat(first("/payments?customerId=" + customer).getMap())
                .containsEntry("status", "REVERSED")
                .containsEntry("reason", "IDENTITY_REFUSED");
    }

    @ParameterizedTest
    @CsvSource({
        "'', customerId, is missing",
        "customerId, customerId, is not a UUID",
        "customerId=, customerId, is not a UUID",
        "customerId=4711-secret, customerId, is not a UUID",
        "customerId=1-1-1-1-1, customerId, is not a UUID",
        "customerId=7b0e1d9c-0000-7000-8000-000000004711%00, customerId, is not a UUID",
        "customerId=7b0e1d9c-0000-7000-8000-000000004711&page=4711, page, is unknown",
        "customerid=7b0e1d9c-0000-7000-8000-000000004711, customerid, is unknown",
        "customerId=7b0e1d9c-0000-7000-8000-000000004711&customerId=4711, customerId, is given more than once"
    })
    void aWrongQueryNamesTheParameterAndRepeatsNoValue(String query, String parameter, String detail) {
        HttpResponse<String> response = service.get("/payments?" + query);

        JsonObject problem = problem(response, 400);
        assertThat(problem.getJsonArray("errors"))
                .containsExactly(new JsonObject().put("parameter", parameter).put("detail", detail));
        assertThat(response.body()).doesNotContain("4711");
    }

    @Test
    void everythingThatIsWrongIsNamedAtOnce() {
        JsonObject problem = problem(service.get("/payments?b=1&a=2"), 400);

        assertThat(problem.getJsonArray("errors").stream().map(error -> ((JsonObject) error).getString("parameter")))
                .containsExactly("customerId", "a", "b");
    }

    @Test
    void aBrokenPercentEncodingIsAProblemToo() {
        // java.net.URI refuses it, as a decent client would.
        String answer = RawHttp.get(service.port(), "/payments?customerId=%zz");

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("application/problem+json");
    }

    @Test
    void unknownPathsAndWrongMethodsAreProblems() {
        problem(service.get("/payments/4711"), 404);
        problem(service.get("/"), 404);
        HttpResponse<String> response = service.send("DELETE", "/payments?customerId=" + customer);
        problem(response, 405);
        assertThat(response.headers().firstValue("allow")).contains("GET");
    }

    @Test
    void itIsLiveDegradedWithoutKafkaAndCounted() {
        assertThat(service.get("/health/live").statusCode()).isEqualTo(200);
        HttpResponse<String> ready = service.get("/health/ready");
        assertThat(ready.statusCode()).isEqualTo(200);
        JsonObject report = new JsonObject(ready.body());
        assertThat(report.getString("status")).isEqualTo("degraded");
        JsonObject checks = report.getJsonObject("checks");
        assertThat(checks.getJsonObject("postgresql").getString("status")).isEqualTo("up");
        assertThat(checks.getJsonObject("kafka").getString("status")).isEqualTo("degraded");
        assertThat(checks.getJsonObject("consumer").getString("detail")).isEqualTo("waits for its topics");
        assertThat(service.get("/metrics").body()).contains("doorbell_consumer_processed_total");
    }

    private static JsonObject first(String path) {
        return new JsonArray(service.get(path).body()).getJsonObject(0);
    }

    private static JsonObject problem(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
        JsonObject problem = new JsonObject(response.body());
        assertThat(problem.getInteger("status")).isEqualTo(status);
        return problem;
    }
}
