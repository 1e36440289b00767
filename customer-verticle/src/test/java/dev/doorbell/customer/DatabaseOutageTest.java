package dev.doorbell.customer;

import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.localstack.LocalPostgres;
import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Metrics;
import dev.doorbell.service.Migrations;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A PostgreSQL of its own, because it is killed. */
@ExtendWith(VertxExtension.class)
class DatabaseOutageTest {
    @Test
    void withoutItsDatabaseTheServiceSaysSoAndComesBackWithIt(Vertx vertx) {
        try (LocalPostgres postgres = LocalPostgres.start(LocalPostgres.Options.defaults())) {
            DatabaseUrl url = DatabaseUrl.parse(postgres.url("postgres"));
            new Migrations(url, CustomerMain.MIGRATIONS).migrate();
            CustomerVerticle verticle = new CustomerVerticle(
                    CustomerConfig.read(new Environment(TestStack.environment(url))), Metrics.ofProcess());
            get(vertx.deployVerticle(verticle));
            WebClient client = WebClient.create(vertx);
            assertThat(register(client, verticle, "ada").statusCode()).isEqualTo(202);
            assertThat(ready(client, verticle)).isEqualTo(200);

            postgres.kill();
            for (String username : new String[] {"grace", "barbara"}) {
                HttpResponse<Buffer> answer = register(client, verticle, username);
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.getHeader("Retry-After")).isEqualTo("1");
                assertThat(answer.getHeader("Content-Type")).isEqualTo("application/problem+json");
            }
            assertThat(ready(client, verticle)).isEqualTo(503);

            postgres.startAgain();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> register(client, verticle, "grace").statusCode() == 202);
            await().until(() -> ready(client, verticle) == 200);
            get(vertx.undeploy(verticle.deploymentID()));
        }
    }

    private static HttpResponse<Buffer> register(WebClient client, CustomerVerticle verticle, String username) {
        return get(client.postAbs("http://127.0.0.1:" + verticle.httpPort() + "/customers")
                .sendJsonObject(CustomerVerticleTest.registration(username)));
    }

    private static int ready(WebClient client, CustomerVerticle verticle) {
        return get(client.getAbs("http://127.0.0.1:" + verticle.httpPort() + "/health/ready")
                        .send())
                .statusCode();
    }
}
