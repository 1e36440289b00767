package dev.doorbell.relay;

import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Setting;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The relay's settings, validated.
 *
 * @param lingerMs how long at most a relay that finds nothing goes on looking before it sleeps
 * @param fallbackPollMs how long a row can lie unseen when no notification came
 * @param batchEventsMax rows of one read, and so records of one hand-over to Kafka
 * @param inFlightBatchesMax batches handed over and not yet acknowledged, per source
 * @param inFlightBytesMax payload bytes handed over and not yet acknowledged, per source
 * @param recordBytesMax the producer's {@code max.request.size}; a larger record is dead-lettered without being sent
 * @param compression the producer's {@code compression.type}
 * @param deliveryTimeoutMs how long Kafka may take to acknowledge a record before the batch counts as failed
 * @param sessionTimeoutMs how long the database keeps the session, and with it the leadership, of a relay that is frozen
 */
public record RelayConfig(
        List<SourceConfig> sources,
        String bootstrapServers,
        int httpPort,
        int topicPartitions,
        int topicReplicationFactor,
        int lingerMs,
        int fallbackPollMs,
        int batchEventsMax,
        int inFlightBatchesMax,
        int inFlightBytesMax,
        int recordBytesMax,
        String compression,
        int deliveryTimeoutMs,
        int retentionHours,
        int retentionIntervalMs,
        int sessionTimeoutMs) {

    private static final int MIB = 1024 * 1024;

    static final Setting<Map<String, DatabaseUrl>> SOURCES = new Setting<>(
            "RELAY_SOURCES",
            null,
            "name=postgresql://user:password@host:port/database,…, at most " + RelaySources.SOURCES_MAX,
            "the outbox databases to relay; percent-encode URL parts, a comma as %2C",
            true,
            RelaySources::parse);
    private static final Setting<String> BOOTSTRAP_SERVERS = Setting.bootstrapServers();
    private static final Setting<Integer> HTTP_PORT = Setting.port("HTTP_PORT", 9992, "health and metrics");
    private static final Setting<Integer> TOPIC_PARTITIONS = Setting.integer(
            "TOPIC_PARTITIONS", 6, 1, 10_000, "partitions", "of a topic that the relay creates; never changed later");
    private static final Setting<Integer> TOPIC_REPLICATION_FACTOR =
            Setting.integer("TOPIC_REPLICATION_FACTOR", 1, 1, 100, "replicas", "of a topic that the relay creates");
    private static final Setting<Integer> LINGER_MS = Setting.integer(
            "RELAY_LINGER_MS",
            50,
            1,
            10_000,
            "ms",
            "at most, for which a relay without work goes on looking before it sleeps and writers ring");
    private static final Setting<Integer> FALLBACK_POLL_MS = Setting.integer(
            "RELAY_FALLBACK_POLL_MS",
            2_500,
            10,
            600_000,
            "ms",
            "how long a row waits when nobody rang: none does for replicated rows, or without the trigger");
    private static final Setting<Integer> BATCH_EVENTS_MAX =
            Setting.integer("RELAY_BATCH_EVENTS_MAX", 2_000, 1, 20_000, "events", "read and sent at once, per source");
    private static final Setting<Integer> IN_FLIGHT_BATCHES_MAX = Setting.integer(
            "RELAY_IN_FLIGHT_BATCHES_MAX", 4, 1, 64, "batches", "sent and not yet acknowledged, per source");
    private static final Setting<Integer> IN_FLIGHT_BYTES_MAX = Setting.integer(
            "RELAY_IN_FLIGHT_BYTES_MAX",
            16 * MIB,
            MIB,
            512 * MIB,
            "bytes",
            "of payload sent and not yet acknowledged, per source");
    private static final Setting<Integer> RECORD_BYTES_MAX = Setting.integer(
            "RELAY_RECORD_BYTES_MAX",
            MIB,
            1_024,
            64 * MIB,
            "bytes",
            "a larger record is dead-lettered; not above the topic's max.message.bytes");
    private static final Setting<String> COMPRESSION = Setting.choice(
            "RELAY_COMPRESSION",
            "none",
            List.of("none", "lz4", "snappy", "zstd", "gzip"),
            "of what goes to Kafka; worth its time for large events and for slow networks");
    private static final Setting<Integer> DELIVERY_TIMEOUT_MS = Setting.integer(
            "RELAY_DELIVERY_TIMEOUT_MS",
            30_000,
            1_000,
            600_000,
            "ms",
            "until an unacknowledged batch counts as failed and is sent again");
    private static final Setting<Integer> RETENTION_HOURS =
            Setting.integer("OUTBOX_RETENTION_HOURS", 24, 1, 87_600, "h", "how long published rows stay in the outbox");
    private static final Setting<Integer> RETENTION_INTERVAL_MS = Setting.integer(
            "OUTBOX_RETENTION_INTERVAL_MS",
            60_000,
            100,
            86_400_000,
            "ms",
            "between two removals of published rows, longer while there are none to remove");
    private static final Setting<Integer> SESSION_TIMEOUT_MS = Setting.integer(
            "RELAY_SESSION_TIMEOUT_MS",
            10_000,
            1_000,
            60_000,
            "ms",
            "until the database ends the session of a leader that is frozen or cut off");

    /** What {@code --help} lists. */
    static final List<Setting<?>> SETTINGS = Stream.of(
                    List.of(SOURCES),
                    SourceSettings.of("<NAME>"),
                    List.of(
                            BOOTSTRAP_SERVERS,
                            HTTP_PORT,
                            TOPIC_PARTITIONS,
                            TOPIC_REPLICATION_FACTOR,
                            LINGER_MS,
                            FALLBACK_POLL_MS,
                            BATCH_EVENTS_MAX,
                            IN_FLIGHT_BATCHES_MAX,
                            IN_FLIGHT_BYTES_MAX,
                            RECORD_BYTES_MAX,
                            COMPRESSION,
                            DELIVERY_TIMEOUT_MS,
                            RETENTION_HOURS,
                            RETENTION_INTERVAL_MS,
                            SESSION_TIMEOUT_MS,
                            Setting.logFormat()))
            .<Setting<?>>flatMap(List::stream)
            .toList();

    /** @throws dev.doorbell.service.ConfigException with a line for every setting that is wrong */
    public static RelayConfig read(Environment environment) {
        List<SourceConfig> sources = sources(environment);
        String bootstrapServers = environment.get(BOOTSTRAP_SERVERS);
        Integer httpPort = environment.get(HTTP_PORT);
        Integer partitions = environment.get(TOPIC_PARTITIONS);
        Integer replicationFactor = environment.get(TOPIC_REPLICATION_FACTOR);
        Integer lingerMs = environment.get(LINGER_MS);
        Integer fallbackPollMs = environment.get(FALLBACK_POLL_MS);
        Integer batchEventsMax = environment.get(BATCH_EVENTS_MAX);
        Integer inFlightBatchesMax = environment.get(IN_FLIGHT_BATCHES_MAX);
        Integer inFlightBytesMax = environment.get(IN_FLIGHT_BYTES_MAX);
        Integer recordBytesMax = environment.get(RECORD_BYTES_MAX);
        String compression = environment.get(COMPRESSION);
        Integer deliveryTimeoutMs = environment.get(DELIVERY_TIMEOUT_MS);
        Integer retentionHours = environment.get(RETENTION_HOURS);
        Integer retentionIntervalMs = environment.get(RETENTION_INTERVAL_MS);
        Integer sessionTimeoutMs = environment.get(SESSION_TIMEOUT_MS);
        environment.check();
        return new RelayConfig(
                sources,
                bootstrapServers,
                httpPort,
                partitions,
                replicationFactor,
                lingerMs,
                fallbackPollMs,
                batchEventsMax,
                inFlightBatchesMax,
                inFlightBytesMax,
                recordBytesMax,
                compression,
                deliveryTimeoutMs,
                retentionHours,
                retentionIntervalMs,
                sessionTimeoutMs);
    }

    /** The sources alone, for commands; problems go to {@code environment}. */
    static List<SourceConfig> sources(Environment environment) {
        Map<String, DatabaseUrl> databases = environment.get(SOURCES);
        return databases == null ? List.of() : SourceSettings.read(environment, databases);
    }

    /** What one read may return, so that a full pipeline stays within {@link #inFlightBytesMax}. */
    int batchBytesMax() {
        return Math.max(inFlightBytesMax / inFlightBatchesMax, 1);
    }
}
