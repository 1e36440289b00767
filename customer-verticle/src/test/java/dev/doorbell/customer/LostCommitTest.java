package dev.doorbell.customer;

import static dev.doorbell.customer.TestStack.count;
import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.localstack.FaultProxy;
import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The connection to the database breaks in the middle of a registration; a 503 means that there is no customer. */
@ExtendWith(VertxExtension.class)
class LostCommitTest {
    /** Holds up every commit of a customer for as long as somebody has the lock. */
    private static final String HOLD_COMMITS = """
            CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM pg_advisory_xact_lock_shared(1);
                RETURN NULL;
            END
            $$;
            CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON customer DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION hold();
            """;

    private static final String WAITING =
            "pg_stat_activity WHERE wait_event_type = 'Lock'" + " AND datname = current_database() AND query LIKE ";
    private static final String OTHER_WRITERS =
            "pg_stat_activity WHERE backend_xid IS NOT NULL AND datname = current_database()";

    private FaultProxy proxy;
    private Pool direct;
    private SqlConnection holder;
    private CustomerVerticle verticle;
    private WebClient client;

    @BeforeEach
    void startBehindAProxy(Vertx vertx) {
        DatabaseUrl url = TestStack.newMigratedDatabase();
        proxy = FaultProxy.start(url.port());
        direct = TestStack.pool(vertx, url);
        holder = get(direct.getConnection());
        Map<String, String> environment = new HashMap<>(TestStack.environment(url));
        environment.compute(
                "DATABASE_URL", (name, text) -> text.replace(":" + url.port() + "/", ":" + proxy.port() + "/"));
        verticle = new CustomerVerticle(CustomerConfig.read(new Environment(environment)), Metrics.ofProcess());
        get(vertx.deployVerticle(verticle));
        client = WebClient.create(vertx);
    }

    @AfterEach
    void end(Vertx vertx) {
        get(vertx.undeploy(verticle.deploymentID()));
        get(holder.close());
        proxy.close();
    }

    @Test
    void commitWithoutAnAnswerIsNotCalledAFailure() {
        loseTheAnswerToACommit(FaultProxy::reset);
    }

    @Test
    void commitAnsweredByTheEndOfTheConnectionIsNotCalledAFailureEither() {
        loseTheAnswerToACommit(broken -> broken.halfClose(FaultProxy.Direction.TO_CLIENT));
    }

    private void loseTheAnswerToACommit(Consumer<FaultProxy> fault) {
        get(direct.query(HOLD_COMMITS).execute());
        get(holder.query("SELECT pg_advisory_lock(1)").execute());
        Future<HttpResponse<Buffer>> answer = register();
        await().until(() -> count(direct, WAITING + "'COMMIT'") == 1);

        fault.accept(proxy);
        HttpResponse<Buffer> unknown = get(answer);
        assertThat(unknown.statusCode()).isEqualTo(500);
        JsonObject problem = unknown.bodyAsJsonObject();
        assertThat(problem.getString("type")).isEqualTo("urn:doorbell:problem:outcome-unknown");
        assertThat(unknown.getHeader("Retry-After")).isNull();

        get(holder.query("SELECT pg_advisory_unlock(1)").execute());
        await().until(() -> count(direct, "customer") == 1);
        String detail = problem.getString("detail");
        String path = detail.substring(detail.indexOf("/registrations/")).split(" ")[0];
        assertThat(get(client.getAbs(address(path)).send()).statusCode()).isEqualTo(200);
        assertThat(get(register()).statusCode()).isEqualTo(409);
    }

    @Test
    void connectionThatBreaksBeforeTheCommitMeansThatThereIsNoCustomer() {
        get(holder.query("BEGIN").execute());
        get(holder.query("LOCK TABLE outbox IN SHARE MODE").execute());
        Future<HttpResponse<Buffer>> answer = register();
        await().until(() -> count(direct, WAITING + "'WITH registration%'") == 1);

        proxy.reset();
        assertThat(get(answer).statusCode()).isEqualTo(503);

        get(holder.query("ROLLBACK").execute());
        await().until(() -> count(direct, OTHER_WRITERS) == 0);
        assertThat(count(direct, "customer")).isZero();
        assertThat(get(register()).statusCode()).isEqualTo(202);
    }

    private Future<HttpResponse<Buffer>> register() {
        return client.postAbs(address("/customers")).sendJsonObject(CustomerVerticleTest.registration("ada"));
    }

    private String address(String path) {
        return "http://127.0.0.1:" + verticle.httpPort() + path;
    }
}
