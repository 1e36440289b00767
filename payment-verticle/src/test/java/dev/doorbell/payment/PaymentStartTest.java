package dev.doorbell.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.localstack.LocalPostgres;
import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Migrations;
import dev.doorbell.service.StartException;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class PaymentStartTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void anUnmigratedDatabaseStopsTheStartInOneLine(Vertx vertx) {
        RunningPayments service = RunningPayments.begin(vertx, PaymentsDatabase.emptyUrl(), RunningPayments.nowhere());

        await("the start fails")
                .atMost(PATIENCE)
                .until(() -> service.deployment().failed());

        assertThat(service.deployment().cause())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("payments 1 (payment)")
                .hasMessageContaining("java -jar payment-verticle.jar migrate");
    }

    @Test
    void itWaitsForItsDatabaseAndSurvivesItsOutage(Vertx vertx) {
        try (LocalPostgres postgres = LocalPostgres.start(LocalPostgres.Options.defaults())) {
            postgres.createDatabase("payments");
            new Migrations(DatabaseUrl.parse(postgres.url("payments")), "payments").migrate();
            postgres.stop();

            RunningPayments service = RunningPayments.begin(vertx, postgres.url("payments"), RunningPayments.nowhere());
            await("not ready, and says so").atMost(PATIENCE).ignoreExceptions().until(() -> isReady(service, 503));
            assertThat(service.get("/health/live").statusCode()).isEqualTo(200);
            assertUnavailable(service);

            postgres.startAgain();
            await("the database is found").atMost(PATIENCE).until(() -> isReady(service, 200));
            assertThat(find(service).body()).isEqualTo("[]");

            postgres.kill();
            await("not ready any more").atMost(PATIENCE).until(() -> isReady(service, 503));
            assertUnavailable(service);

            postgres.startAgain();
            await("ready again").atMost(PATIENCE).until(() -> isReady(service, 200));
            assertThat(find(service).body()).isEqualTo("[]");
            service.close();
        }
    }

    private static boolean isReady(RunningPayments service, int status) {
        return service.get("/health/ready").statusCode() == status;
    }

    private static HttpResponse<String> find(RunningPayments service) {
        return service.get("/payments?customerId=" + UUID.randomUUID());
    }

    private static void assertUnavailable(RunningPayments service) {
        HttpResponse<String> response = find(service);
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("retry-after")).contains("1");
        assertThat(new JsonObject(response.body()).getInteger("status")).isEqualTo(503);
    }
}
