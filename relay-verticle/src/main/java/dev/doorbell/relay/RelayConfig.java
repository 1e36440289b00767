package dev.doorbell.relay;

import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The relay's settings, validated.
 *
 * @param lingerMs how long at most a relay that finds nothing goes on looking before it sleeps
 * @param fallbackPollMs how long a row can lie unseen when no notification came
 * @param batchEventsMax rows of one read, and so records of one hand-over to Kafka
 * @param inFlightBatchesMax batches handed over and not yet acknowledged, per source
 * @param inFlightBytesMax payload bytes handed over and not yet acknowledged, per source
 * @param recordBytesMax the producer's {@code max.request.size}; a larger record is dead-lettered without being sent
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
        int deliveryTimeoutMs,
        int retentionHours,
        int retentionIntervalMs,
        int sessionTimeoutMs) {

    static final String AGGREGATE_TYPE_PLACEHOLDER = "{aggregate_type}";

    private static final int MIB = 1024 * 1024;
    private static final String SOURCE_PREFIX = "RELAY_SOURCE_";
    private static final String TEMPLATE_SUFFIX = "_TOPIC_TEMPLATE";
    private static final String TRIGGER_SUFFIX = "_TRIGGER";
    private static final int TOPIC_LENGTH_MAX = 249;

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
            1_000,
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
            "OUTBOX_RETENTION_INTERVAL_MS", 60_000, 100, 86_400_000, "ms", "between two removals of published rows");

    private static final Setting<Integer> SESSION_TIMEOUT_MS = Setting.integer(
            "RELAY_SESSION_TIMEOUT_MS",
            10_000,
            1_000,
            60_000,
            "ms",
            "until the database ends the session of a leader that is frozen or cut off");

    /** What {@code --help} lists. */
    static final List<Setting<?>> SETTINGS = List.of(
            SOURCES,
            topicTemplate(SOURCE_PREFIX + "<NAME>" + TEMPLATE_SUFFIX),
            trigger(SOURCE_PREFIX + "<NAME>" + TRIGGER_SUFFIX),
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
            DELIVERY_TIMEOUT_MS,
            RETENTION_HOURS,
            RETENTION_INTERVAL_MS,
            SESSION_TIMEOUT_MS,
            Setting.logFormat());

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
                deliveryTimeoutMs,
                retentionHours,
                retentionIntervalMs,
                sessionTimeoutMs);
    }

    /** The sources alone, for commands; problems go to {@code environment}. */
    static List<SourceConfig> sources(Environment environment) {
        Map<String, DatabaseUrl> databases = environment.get(SOURCES);
        if (databases == null) {
            return List.of();
        }
        List<SourceConfig> sources = new ArrayList<>();
        List<String> known = new ArrayList<>(List.of(SOURCES.name()));
        databases.forEach((name, database) -> {
            Setting<String> template = topicTemplate(SOURCE_PREFIX + variablePart(name) + TEMPLATE_SUFFIX);
            Setting<Boolean> trigger = trigger(triggerVariable(name));
            known.addAll(List.of(template.name(), trigger.name()));
            String topicTemplate = environment.get(template);
            Boolean hasTrigger = environment.get(trigger);
            if (hasTrigger != null) {
                sources.add(new SourceConfig(name, database, topicTemplate, hasTrigger));
            }
        });
        // A misspelt source or setting would otherwise be ignored in silence.
        environment.variables().keySet().stream()
                .filter(variable -> variable.startsWith(SOURCE_PREFIX) && !known.contains(variable))
                .sorted()
                .forEach(variable -> environment.problem(variable + " belongs to no source of RELAY_SOURCES, or is no "
                        + "setting of a source; there are " + SOURCE_PREFIX + "<NAME>" + TEMPLATE_SUFFIX + " and "
                        + TRIGGER_SUFFIX));
        return sources;
    }

    static String triggerVariable(String sourceName) {
        return SOURCE_PREFIX + variablePart(sourceName) + TRIGGER_SUFFIX;
    }

    private static Setting<Boolean> trigger(String variable) {
        return Setting.of(
                variable,
                "true",
                "true or false",
                "false: the outbox has no trigger and is polled, for writers that PREPARE their transactions",
                text -> {
                    if (!text.equals("true") && !text.equals("false")) {
                        throw new IllegalArgumentException("is not one of true, false");
                    }
                    return Boolean.valueOf(text);
                });
    }

    private static String variablePart(String sourceName) {
        return sourceName.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static Setting<String> topicTemplate(String variable) {
        return Setting.of(
                variable,
                "outbox.event." + AGGREGATE_TYPE_PLACEHOLDER,
                "topic with " + AGGREGATE_TYPE_PLACEHOLDER,
                "topic of a source's rows that name none; <NAME> in capitals, - as _",
                text -> {
                    String fixed = text.replace(AGGREGATE_TYPE_PLACEHOLDER, "");
                    if (!fixed.matches("[A-Za-z0-9._-]*") || fixed.length() > TOPIC_LENGTH_MAX) {
                        throw new IllegalArgumentException("is not a topic's name: letters, digits, '.', '_', '-' and "
                                + AGGREGATE_TYPE_PLACEHOLDER);
                    }
                    return text;
                });
    }

    /** What one read may return, so that a full pipeline stays within {@link #inFlightBytesMax}. */
    int batchBytesMax() {
        return Math.max(inFlightBytesMax / inFlightBatchesMax, 1);
    }
}
