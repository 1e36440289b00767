package dev.doorbell.customer;

import static dev.doorbell.customer.TestStack.count;
import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.doorbell.service.ConfigException;
import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Metrics;
import dev.doorbell.service.StartException;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Pool;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The comparison as the command and as the service's schedule make it, on a real PostgreSQL and a real Keycloak. */
@ExtendWith(VertxExtension.class)
class ReconcileServiceTest {
    private static final Duration PATIENT = Duration.ofSeconds(40);

    private final DatabaseUrl database = TestStack.newMigratedDatabase();
    private final Map<String, String> environment = new HashMap<>(TestStack.environment(database));
    private Vertx vertx;
    private TestKeycloak keycloak;
    private Pool pool;
    private String printed;

    @BeforeEach
    void stack(Vertx theVertx) {
        vertx = theVertx;
        keycloak = new TestKeycloak(vertx, Duration.ofSeconds(60));
        pool = TestStack.pool(vertx, database);
        environment.put("IDENTITY_PROVIDER", "keycloak");
        environment.put("KEYCLOAK_URL", keycloak.url());
        environment.put("KEYCLOAK_REALM", keycloak.realm());
        environment.put("KEYCLOAK_CLIENT_SECRET", "customer-verticle-local");
        environment.put("REGISTRATION_SECRET_KEY", "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=");
        environment.put("IDENTITY_RECONCILE_CALLS_PER_S_MAX", "1000");
    }

    @Test
    void theCommandTellsByItsExitCodeWhatItFound() {
        assertThat(command()).isZero();
        assertThat(printed).isEqualTo("""
                Compared 2 users with customers and 0 customers with users.
                They agree.
                """);

        UUID unknown = UUID.randomUUID();
        String userId = keycloak.addUserOf(unknown, "edsger");
        UUID missing = customerWithoutUser("grace");
        assertThat(command()).isEqualTo(2);
        String found = "found unknown_customer customer=" + unknown + " user=" + userId + "\n";
        assertThat(printed)
                .contains(found)
                .contains("found missing customer=" + missing)
                .contains("     1 missing, 0 repaired")
                .contains("Nothing was changed")
                .contains("Users of unknown customers are removed only where that is named")
                .doesNotContain("edsger", "grace", "repaired missing", "repaired unknown_customer");
        assertThat(keycloak.usersNamed("edsger")).hasSize(1);

        assertThat(command("--repair=unknown_customer"))
                .as("some of it is left")
                .isEqualTo(2);
        assertThat(printed).contains(found, found.replace("found", "repaired"));
        assertThat(keycloak.usersNamed("edsger")).isEmpty();
        assertThat(command("--repair", "--continue")).isEqualTo(3);
        assertThat(count(pool, "identity WHERE state = 'ENABLING'")).isEqualTo(1);
        assertThat(command("--repair")).as("work under way").isZero();

        get(pool.query("UPDATE reconciliation SET run = gen_random_uuid(), leased_until = now() + interval '1 hour'")
                .execute());
        assertThat(command()).isEqualTo(4);
        assertThat(printed).isEqualTo("Another comparison is under way.\n");
    }

    @Test
    void theCommandThatCannotCompareSaysWhyInOneLine() {
        assertThatThrownBy(() -> command("--repair=everything"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("--repair is not none or a list of all,missing,");
        assertThatThrownBy(() -> command("--force"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("the form is reconcile [--repair[=KIND,...]] [--continue]");
        environment.put("KEYCLOAK_URL", "http://127.0.0.1:9");
        assertThatThrownBy(this::command)
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith(
                        "the comparison is given up in the middle of the provider's users: Keycloak cannot be reached")
                .hasMessageEndingWith("; with --continue it goes on there");
        environment.put("IDENTITY_PROVIDER", "none");
        assertThatThrownBy(this::command)
                .isInstanceOf(ConfigException.class)
                .hasMessage("IDENTITY_PROVIDER is none, so there are no users to compare");
        environment.put("IDENTITY_PROVIDER", "keycloak");
        get(pool.query("DELETE FROM flyway_schema_history WHERE version::int >= 5")
                .execute());
        assertThatThrownBy(this::command)
                .isInstanceOf(StartException.class)
                .hasMessageContaining("customers 5 (reconciliation)")
                .hasMessageEndingWith("; run java -jar customer-verticle.jar migrate");
    }

    /** A registration that has succeeded, and a user that somebody has removed. */
    private UUID customerWithoutUser(String username) {
        UUID id = UUID.randomUUID();
        get(pool.query("INSERT INTO customer (id, first_name, last_name, username, card_brand, card_last_four,"
                        + " card_valid_thru, status, payment_outcome, payment_id, identity_outcome, settled_at) VALUES ('"
                        + id + "', 'Grace', 'Sample', '" + username + "', 'VISA', '1111', '2030-01-31',"
                        + " 'REGISTRATION_SUCCESS', 'AUTHORIZED', gen_random_uuid(), 'PROVISIONED', now())")
                .execute());
        get(pool.query("INSERT INTO identity (customer_id, state, user_id) VALUES ('" + id + "', 'ENABLED', '"
                        + UUID.randomUUID() + "')")
                .execute());
        return id;
    }

    private int command(String... arguments) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            return ReconcileCommand.run(new Environment(environment), List.of(arguments));
        } finally {
            System.setOut(before);
            printed = bytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
        }
    }

    @Test
    void theServiceComparesOnSchedulesRepairsAndTells() {
        get(pool.query("UPDATE reconciliation SET ended_at = now() - interval '1 hour'")
                .execute());
        UUID missing = customerWithoutUser("grace");
        keycloak.addUserOf(UUID.randomUUID(), "edsger");
        environment.put("IDENTITY_RECONCILE_REPAIR", "missing");
        environment.put("IDENTITY_RECONCILE_INTERVAL_MS", "1000");
        CustomerVerticle service =
                new CustomerVerticle(CustomerConfig.read(new Environment(environment)), Metrics.ofProcess());
        get(vertx.deployVerticle(service));
        await("the user to be made again")
                .atMost(PATIENT)
                .until(() -> keycloak.usersOf(missing).size() == 1);
        WebClient client = WebClient.create(vertx);
        String address = "http://127.0.0.1:" + service.httpPort();
        await("the next comparisons to tell of the other one")
                .atMost(PATIENT)
                .untilAsserted(() -> assertThat(
                                get(client.getAbs(address + "/health/ready").send())
                                        .bodyAsJsonObject()
                                        .getJsonObject("checks")
                                        .getJsonObject("reconciliation"))
                        .isEqualTo(new JsonObject()
                                .put("status", "degraded")
                                .put("detail", "1 findings of the last comparison are not repaired")));
        assertThat(get(client.getAbs(address + "/metrics").send()).bodyAsString())
                .contains("doorbell_reconcile_runs_total{end=\"completed\"}")
                .contains("doorbell_reconcile_findings_total{kind=\"missing\"} 1.0")
                .contains("doorbell_reconcile_findings_total{kind=\"unknown_customer\"}")
                .contains("doorbell_reconcile_repairs_total{kind=\"missing\"} 1.0")
                .doesNotContain("doorbell_reconcile_repairs_total{kind=\"unknown_customer\"}")
                .containsPattern("doorbell_reconcile_last_completed_age_seconds [0-9]");
    }
}
