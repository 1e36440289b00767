package dev.doorbell.system.faults;

import dev.doorbell.localstack.LocalPostgres;
import dev.doorbell.localstack.LocalStack;
import dev.doorbell.localstack.OwnedDirectory;
import dev.doorbell.system.harness.ServiceJar;
import dev.doorbell.system.harness.ServiceProcess;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How the services of a {@link World} are configured. */
final class WorldSettings {
    /** So short that a freeze of the payment service outlasts it: then registrations are rejected, and replies come late. */
    static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final Duration DEADLOCK_CHECK_INTERVAL = Duration.ofMillis(1_500);
    /** Shorter than many faults, so that they make sends fail and not only wait. */
    private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(6);

    /** From the end of one comparison to the next. */
    private static final String RECONCILE_INTERVAL_MS = "1000";

    private static final int POOL_SIZE = 6;
    /** Base64 of 32 bytes that are no secret. */
    private static final String SECRET_KEY = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=";

    private final LocalPostgres postgres;
    private final Duration deadline;

    WorldSettings(LocalStack stack, Duration deadline) {
        this.postgres = stack.postgres();
        this.deadline = deadline;
    }

    static List<String> instances() {
        return List.of("customer-1", "customer-2", "payment-1", "payment-2", "relay-1", "relay-2");
    }

    static ServiceJar jar(String instance) {
        return switch (instance.substring(0, instance.indexOf('-'))) {
            case "customer" -> ServiceJar.CUSTOMER;
            case "payment" -> ServiceJar.PAYMENT;
            default -> ServiceJar.RELAY;
        };
    }

    /**
     * @param postgresPort a proxy's
     * @param kafkaPort a proxy's
     */
    Map<String, String> environment(ServiceJar jar, int httpPort, int postgresPort, int kafkaPort) {
        Map<String, String> environment = new HashMap<>();
        environment.put("HTTP_PORT", Integer.toString(httpPort));
        environment.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + kafkaPort);
        String customers = url(postgresPort, "customers");
        String payments = url(postgresPort, "payments");
        switch (jar) {
            case CUSTOMER -> {
                environment.put("DATABASE_URL", customers);
                environment.put("DATABASE_POOL_SIZE", Integer.toString(POOL_SIZE));
                environment.put("SAGA_DEADLOCK_AFTER_MS", Long.toString(deadline.toMillis()));
                environment.put("SAGA_DEADLOCK_CHECK_INTERVAL_MS", Long.toString(DEADLOCK_CHECK_INTERVAL.toMillis()));
            }
            case PAYMENT -> {
                environment.put("DATABASE_URL", payments);
                environment.put("DATABASE_POOL_SIZE", Integer.toString(POOL_SIZE));
            }
            case RELAY -> {
                environment.put("RELAY_SOURCES", "customers=" + customers + ",payments=" + payments);
                environment.put("RELAY_DELIVERY_TIMEOUT_MS", Long.toString(DELIVERY_TIMEOUT.toMillis()));
            }
        }
        return environment;
    }

    /** Whether the services compare customers and users all the time and repair what differs, beside the work on users. */
    static boolean reconciles() {
        return Boolean.getBoolean("reconcile");
    }

    /** What a customer service has more, with users in Keycloak. @param port a proxy's */
    static Map<String, String> keycloak(int port) {
        return Map.of(
                "IDENTITY_RECONCILE_INTERVAL_MS",
                reconciles() ? RECONCILE_INTERVAL_MS : "0",
                "IDENTITY_RECONCILE_REPAIR",
                reconciles() ? "all" : "none",
                // Several pages, each of which may meet a fault.
                "IDENTITY_RECONCILE_PAGE_SIZE",
                "50",
                "IDENTITY_RECONCILE_CALLS_PER_S_MAX",
                "200",
                "IDENTITY_PROVIDER",
                "keycloak",
                "KEYCLOAK_URL",
                "http://127.0.0.1:" + port,
                "KEYCLOAK_REALM",
                Keycloak.REALM,
                "KEYCLOAK_CLIENT_SECRET",
                Keycloak.CLIENT_SECRET,
                "REGISTRATION_SECRET_KEY",
                SECRET_KEY);
    }

    private String url(int port, String database) {
        return "postgresql://" + postgres.user() + ":" + postgres.password() + "@127.0.0.1:" + port + "/" + database;
    }

    /** Past the proxies. */
    void migrate(OwnedDirectory owner) {
        List<ServiceProcess> migrations = Stream.of(ServiceJar.CUSTOMER, ServiceJar.PAYMENT)
                .map(jar -> ServiceProcess.start(owner, jar, environment(jar, 0, postgres.port(), 1), "migrate"))
                .toList();
        for (ServiceProcess migration : migrations) {
            if (migration.exitCode() != 0) {
                throw new IllegalStateException("migrate failed: " + migration.output());
            }
        }
    }
}
