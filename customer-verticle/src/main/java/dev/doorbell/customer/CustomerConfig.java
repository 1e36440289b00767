package dev.doorbell.customer;

import dev.doorbell.service.ConfigException;
import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Environment;
import dev.doorbell.service.ServiceSettings;
import dev.doorbell.service.Setting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The customer service's settings, read once at the start.
 *
 * @param identity where customers have their users; empty for {@code IDENTITY_PROVIDER=none}
 * @param reconcile how they are compared with customers, where they are made
 */
public record CustomerConfig(
        int httpPort,
        DatabaseUrl databaseUrl,
        int databasePoolSize,
        String kafkaBootstrapServers,
        String consumerGroup,
        Duration inboxRetention,
        Duration deadlockCheckInterval,
        Duration deadlockAfter,
        int admissionPendingMax,
        Optional<IdentityConfig> identity,
        ReconcileSettings reconcile) {
    private static final Setting<Integer> HTTP_PORT = ServiceSettings.httpPort(9990);
    private static final Setting<String> CONSUMER_GROUP = ServiceSettings.consumerGroup("customer-verticle");
    private static final Setting<Integer> CHECK_INTERVAL_MS = Setting.integer(
            "SAGA_DEADLOCK_CHECK_INTERVAL_MS",
            50_000,
            100,
            3_600_000,
            "milliseconds",
            "how often pending registrations are checked for replies that never came");
    private static final Setting<Integer> DEADLOCK_AFTER_MS = Setting.integer(
            "SAGA_DEADLOCK_AFTER_MS",
            300_000,
            1_000,
            86_400_000,
            "milliseconds",
            "how long a registration may be pending, not counting times in which the own relay or consumer lagged");
    /** More than an hour of registrations at 21,000 a second, the most that two cores have taken. */
    private static final Setting<Integer> ADMISSION_PENDING_MAX = Setting.integer(
            "ADMISSION_PENDING_MAX",
            100_000_000,
            1,
            2_000_000_000,
            "registrations",
            "how many may be pending before more are refused with 503");

    public static final List<Setting<?>> SETTINGS = Stream.of(
                    List.<Setting<?>>of(
                            HTTP_PORT,
                            ServiceSettings.DATABASE_URL,
                            ServiceSettings.DATABASE_POOL_SIZE,
                            ServiceSettings.KAFKA_BOOTSTRAP_SERVERS,
                            CONSUMER_GROUP,
                            ServiceSettings.INBOX_RETENTION,
                            CHECK_INTERVAL_MS,
                            DEADLOCK_AFTER_MS,
                            ADMISSION_PENDING_MAX),
                    IdentitySettings.SETTINGS,
                    ReconcileSettings.SETTINGS,
                    List.<Setting<?>>of(ServiceSettings.LOG_FORMAT))
            .<Setting<?>>flatMap(List::stream)
            .toList();

    /** @throws ConfigException naming every setting that cannot be used */
    public static CustomerConfig read(Environment environment) {
        Integer httpPort = environment.get(HTTP_PORT);
        DatabaseUrl databaseUrl = environment.get(ServiceSettings.DATABASE_URL);
        Integer poolSize = environment.get(ServiceSettings.DATABASE_POOL_SIZE);
        String kafka = environment.get(ServiceSettings.KAFKA_BOOTSTRAP_SERVERS);
        String group = environment.get(CONSUMER_GROUP);
        Duration inboxRetention = environment.get(ServiceSettings.INBOX_RETENTION);
        Integer checkIntervalMs = environment.get(CHECK_INTERVAL_MS);
        Integer deadlockAfterMs = environment.get(DEADLOCK_AFTER_MS);
        Integer admissionPendingMax = environment.get(ADMISSION_PENDING_MAX);
        Optional<IdentityConfig> identity = IdentitySettings.read(environment);
        ReconcileSettings reconcile = ReconcileSettings.read(environment);
        environment.get(ServiceSettings.LOG_FORMAT);
        environment.check();
        return new CustomerConfig(
                httpPort,
                databaseUrl,
                poolSize,
                kafka,
                group,
                inboxRetention,
                Duration.ofMillis(checkIntervalMs),
                Duration.ofMillis(deadlockAfterMs),
                admissionPendingMax,
                identity,
                reconcile);
    }
}
