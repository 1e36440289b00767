package dev.doorbell.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doorbell.system.harness.Database;
import dev.doorbell.system.harness.RunningSystem;
import dev.doorbell.system.harness.ServiceJar;
import dev.doorbell.system.harness.ServiceProcess;
import dev.doorbell.system.harness.SystemExtension;
import dev.doorbell.system.harness.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The same rows of the same tables go through Debezium's outbox event router and through our relay, and a consumer sees
 * the same: partition, key, value and headers, byte by byte. Debezium writes to the topics of its default names, the relay
 * to those with a prefix.
 */
@ExtendWith(SystemExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DebeziumDropInIT {
    /** Kafka Connect and its connectors start within that, on a machine with more to do. */
    private static final Duration START_LIMIT = Duration.ofSeconds(150);

    private static final int PARTITIONS = 6;
    private static final String OURS = "ours.";
    private static final String EXPANDED = "expanded.";

    /** Both are configured by the very same text. */
    private static final String HEADER_MAP =
            "type:header:eventType,id:header:eventId,tenant:header,attempt:header:tries,"
                    + "urgent:header,correlation:header:correlationId,context:header:Context-1.x";

    private static final String BYTES_HEADER_MAP = "type:header:eventType";

    private final RunningSystem system;
    private final Database database;
    private final DebeziumConnect debezium;

    DebeziumDropInIT(RunningSystem system) {
        this.system = system;
        this.database = system.createDatabase("dropin");
        this.debezium = new DebeziumConnect(system, database);
    }

    @BeforeAll
    void feedBoth() throws Exception {
        DropInRows.TABLES.forEach(database::execute);
        addConnectors();
        createTopics();
        DropInRows.ROWS.forEach(database::execute);
        debezium.start();
        Map<String, String> relay = relay();
        for (String source : List.of("json", "text", "bytes")) {
            ServiceProcess install = system.run(
                    ServiceJar.RELAY, relay, "install", "--source", source, "--publish-existing", "true", "--yes");
            assertThat(install.exitCode()).as("%s", install.output()).isZero();
        }
        system.startAnother(ServiceJar.RELAY, relay).awaitReady();
        for (String type : DropInRows.AGGREGATE_TYPES) {
            long rows = DropInRows.count(type);
            awaitRecords(OURS + "outbox.event." + type, rows);
            awaitRecords("outbox.event." + type, rows);
        }
        awaitRecords(EXPANDED + DropInRows.DOCUMENT, DropInRows.count(DropInRows.DOCUMENT));
    }

    private void addConnectors() throws IOException {
        debezium.add(
                "strings",
                "public.outbox,public.outbox_text",
                "true",
                Map.of("transforms.outbox.table.fields.additional.placement", HEADER_MAP));
        debezium.add(
                "bytes",
                "public.outbox_bytes",
                "true",
                Map.of(
                        "value.converter",
                        "org.apache.kafka.connect.converters.ByteArrayConverter",
                        "transforms.outbox.table.fields.additional.placement",
                        BYTES_HEADER_MAP));
        debezium.add(
                "documents",
                "public.outbox",
                // On some of the other payloads such a connector ends.
                "aggregatetype = '" + DropInRows.DOCUMENT + "'",
                Map.of(
                        "value.converter",
                        "org.apache.kafka.connect.json.JsonConverter",
                        "value.converter.schemas.enable",
                        "false",
                        "transforms.outbox.table.expand.json.payload",
                        "true",
                        "transforms.outbox.route.topic.replacement",
                        EXPANDED + "${routedByValue}"));
    }

    private void createTopics() throws InterruptedException, ExecutionException {
        List<NewTopic> topics = DropInRows.AGGREGATE_TYPES.stream()
                .flatMap(type -> Stream.of("outbox.event." + type, OURS + "outbox.event." + type, EXPANDED + type))
                .map(name -> new NewTopic(name, PARTITIONS, (short) 1))
                .toList();
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", system.stack().kafka().bootstrapServers()))) {
            admin.createTopics(topics).all().get();
        }
    }

    private Map<String, String> relay() {
        Map<String, String> environment = new HashMap<>(
                Map.of("KAFKA_BOOTSTRAP_SERVERS", system.stack().kafka().bootstrapServers()));
        String url = system.databaseUrl(database.name());
        environment.put("RELAY_SOURCES", "json=" + url + ",text=" + url + ",bytes=" + url);
        source(environment, "JSON", "public.outbox", HEADER_MAP);
        source(environment, "TEXT", "public.outbox_text", HEADER_MAP);
        source(environment, "BYTES", "public.outbox_bytes", BYTES_HEADER_MAP);
        return environment;
    }

    private static void source(Map<String, String> environment, String name, String table, String headerMap) {
        String prefix = "RELAY_SOURCE_" + name;
        environment.put(prefix + "_TABLE", table);
        environment.put(prefix + "_COLUMNS", "debezium");
        environment.put(prefix + "_HEADER_STYLE", "debezium");
        environment.put(prefix + "_HEADER_MAP", headerMap);
        environment.put(prefix + "_TOPIC_TEMPLATE", OURS + "outbox.event.{aggregate_type}");
    }

    private void awaitRecords(String topic, long count) {
        Waiting.until(topic + " has its records").atMost(START_LIMIT).until(() -> {
            debezium.requireWorking();
            return seen(topic).size() >= count;
        });
    }

    private List<SeenRecord> seen(String topic) {
        return system.reader().read(topic).stream().map(SeenRecord::of).toList();
    }

    @AfterAll
    void end() {
        system.endOthers();
        debezium.close();
    }

    @Test
    void topicsPartitionsKeysValuesAndHeadersAreTheSame() {
        for (String type : DropInRows.AGGREGATE_TYPES) {
            List<SeenRecord> theirs = seen("outbox.event." + type);
            List<SeenRecord> ours = seen(OURS + "outbox.event." + type);
            assertThat(theirs).as("records of Debezium's %s", type).hasSize((int) DropInRows.count(type));
            assertThat(ours).as("records of our %s", type).hasSameSizeAs(theirs);
            for (int i = 0; i < theirs.size(); i++) {
                assertThat(ours.get(i)).as("record %d of %s", i, type).isEqualTo(theirs.get(i));
            }
        }
    }

    /** What was compared held what it was to hold. */
    @Test
    void headersAreThoseThatWereAskedFor() {
        assertThat(seen(OURS + "outbox.event." + DropInRows.DOCUMENT))
                .allSatisfy(record -> assertThat(record.headers())
                        .containsOnlyKeys(
                                "id",
                                "eventType",
                                "eventId",
                                "tenant",
                                "tries",
                                "urgent",
                                "correlationId",
                                "Context-1.x"));
    }

    /** With a converter that knows JSON, Debezium writes the document anew: another spelling of the same. */
    @Test
    void aPayloadThatDebeziumExpandsIsTheSameDocument() throws Exception {
        List<SeenRecord> theirs = seen(EXPANDED + DropInRows.DOCUMENT);
        List<SeenRecord> ours = seen(OURS + "outbox.event." + DropInRows.DOCUMENT);
        assertThat(ours).hasSameSizeAs(theirs);
        for (int i = 0; i < theirs.size(); i++) {
            assertThat(ours.get(i).key()).isEqualTo(theirs.get(i).key());
            assertThat(json(ours.get(i))).isEqualTo(json(theirs.get(i)));
        }
    }

    private static JsonNode json(SeenRecord record) throws IOException {
        return new ObjectMapper().readTree(record.value().getBytes(StandardCharsets.ISO_8859_1));
    }
}
