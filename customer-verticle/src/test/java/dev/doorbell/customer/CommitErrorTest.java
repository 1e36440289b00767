package dev.doorbell.customer;

import static dev.doorbell.customer.TestStack.count;
import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Metrics;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Pool;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The commit is answered with an error; some of them, from a pooler or a server that ends, leave open what became of it. */
@ExtendWith(VertxExtension.class)
class CommitErrorTest {
    /**
     * The commit of a customer fails with the SQLSTATE that is the last name. That of an ended session never comes but
     * with the end of the connection, on which the client relies.
     */
    private static final String FAIL_COMMITS = """
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.last_name = '57P01' THEN
                    PERFORM pg_terminate_backend(pg_backend_pid()), pg_sleep(30);
                END IF;
                RAISE EXCEPTION 'failed' USING ERRCODE = NEW.last_name;
            END
            $$;
            CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON customer DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION fail();
            """;

    private Pool pool;
    private CustomerVerticle verticle;
    private WebClient client;

    @BeforeEach
    void deploy(Vertx vertx) {
        DatabaseUrl url = TestStack.newMigratedDatabase();
        pool = TestStack.pool(vertx, url);
        get(pool.query(FAIL_COMMITS).execute());
        verticle = new CustomerVerticle(
                CustomerConfig.read(new Environment(TestStack.environment(url))), Metrics.ofProcess());
        get(vertx.deployVerticle(verticle));
        client = WebClient.create(vertx);
    }

    @AfterEach
    void undeploy(Vertx vertx) {
        get(vertx.undeploy(verticle.deploymentID()));
        get(pool.close());
    }

    /** Connection exceptions, statement_completion_unknown, and a server that shuts down or ends the session. */
    @Test
    void anErrorThatLeavesTheOutcomeOpenNamesTheRegistration() {
        for (String state : List.of("08000", "08003", "08006", "08007", "08P01", "40003", "57P01", "57P02", "57P03")) {
            HttpResponse<Buffer> answer = register(state);

            assertThat(answer.statusCode()).as(state).isEqualTo(500);
            JsonObject problem = answer.bodyAsJsonObject();
            assertThat(problem.getString("type")).as(state).isEqualTo("urn:doorbell:problem:outcome-unknown");
            assertThat(problem.getString("detail"))
                    .as(state)
                    .containsPattern("/registrations/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12} ");
            assertThat(answer.getHeader("Retry-After")).as(state).isNull();
        }
    }

    /** Transactions in each other's way, no room, a cancelled statement, a constraint: PostgreSQL says no. */
    @Test
    void anyOtherErrorMeansThatThereIsNoCustomer() {
        List.of("40001", "40P01", "40002", "53100").forEach(state -> requireNoCustomer(state, 503));
        List.of("57014", "23505", "P0001").forEach(state -> requireNoCustomer(state, 500));
        assertThat(count(pool, "customer")).isZero();
    }

    private void requireNoCustomer(String state, int status) {
        HttpResponse<Buffer> answer = register(state);

        assertThat(answer.statusCode()).as(state).isEqualTo(status);
        assertThat(answer.bodyAsJsonObject().getString("type")).as(state).isEqualTo("about:blank");
    }

    private HttpResponse<Buffer> register(String state) {
        return get(client.postAbs("http://127.0.0.1:" + verticle.httpPort() + "/customers")
                .sendJsonObject(CustomerVerticleTest.registration("ada").put("lastName", state)));
    }
}
