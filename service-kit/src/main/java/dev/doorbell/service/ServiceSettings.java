package dev.doorbell.service;

import java.time.Duration;

/** Settings that several services have under the same name. */
public final class ServiceSettings {
    /**
     * 16 days: more than the 7 days of {@code retention.ms} plus the 7 of {@code segment.ms} that Kafka gives a topic
     * by default.
     */
    private static final int INBOX_RETENTION_HOURS_DEFAULT = 16 * 24;

    public static final Setting<DatabaseUrl> DATABASE_URL =
            Setting.databaseUrl("DATABASE_URL", "the service's database");
    public static final Setting<Integer> DATABASE_POOL_SIZE =
            Setting.integer("DATABASE_POOL_SIZE", 10, 1, 1_000, "connections", "the most connections at a time");
    public static final Setting<String> KAFKA_BOOTSTRAP_SERVERS = Setting.bootstrapServers();
    public static final Setting<Duration> INBOX_RETENTION = Setting.of(
            "INBOX_RETENTION_HOURS",
            String.valueOf(INBOX_RETENTION_HOURS_DEFAULT),
            "hours",
            "how long repeats are recognised; must exceed retention.ms + segment.ms of the topics",
            text -> {
                if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) < 1) {
                    throw new IllegalArgumentException("is not a number of hours from 1 to 999999");
                }
                return Duration.ofHours(Integer.parseInt(text));
            });
    public static final Setting<String> LOG_FORMAT = Setting.logFormat();

    private ServiceSettings() {}

    public static Setting<Integer> httpPort(int defaultPort) {
        return Setting.port("HTTP_PORT", defaultPort, "HTTP: API, health and metrics");
    }

    public static Setting<String> consumerGroup(String service) {
        return Setting.text(
                "CONSUMER_GROUP",
                service,
                "name",
                "the Kafka consumer group and the inbox's name for it; a new name processes everything again");
    }
}
