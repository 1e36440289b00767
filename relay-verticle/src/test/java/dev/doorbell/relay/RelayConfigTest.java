package dev.doorbell.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.doorbell.service.ConfigException;
import dev.doorbell.service.Environment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelayConfigTest {
    private static final String CUSTOMERS = "customers=postgresql://relay:pa%2Css@db:5432/customers";

    @Test
    void readsSourcesWithTheirTemplates() {
        RelayConfig config = read(Map.of(
                "RELAY_SOURCES",
                CUSTOMERS + ", pay-2=postgresql://relay:secret@db/payments",
                "RELAY_SOURCE_PAY_2_TOPIC_TEMPLATE",
                "pay.{aggregate_type}.v1",
                "RELAY_SOURCE_PAY_2_TRIGGER",
                "false"));
        assertThat(config.sources()).extracting(SourceConfig::name).containsExactly("customers", "pay-2");
        assertThat(config.sources().get(0).database().password()).isEqualTo("pa,ss");
        assertThat(config.sources())
                .extracting(SourceConfig::topicTemplate)
                .containsExactly("outbox.event.{aggregate_type}", "pay.{aggregate_type}.v1");
        assertThat(config.sources()).extracting(SourceConfig::trigger).containsExactly(true, false);
        assertThat(config.topicPartitions()).isEqualTo(6);
        assertThat(config.httpPort()).isEqualTo(9992);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "customers",
                "Customers=postgresql://relay:geheim@db/c",
                "c=postgresql://relay:ge,heim@db/c",
                "c=postgresql://relay:geheim@db",
                "c=mysql://relay:geheim@db/c",
                "c=postgresql://relay:geheim@db/c,c=postgresql://relay:geheim@db/d",
                "c=postgresql://relay:geheim@db/c,",
                "c=postgresql://relay:ge heim@db/c",
            })
    void aWrongListIsOneLineThatNamesTheSettingAndKeepsThePassword(String sources) {
        assertThat(problems(Map.of("RELAY_SOURCES", sources)))
                .singleElement()
                .asString()
                .startsWith("RELAY_SOURCES ")
                .doesNotContain("heim")
                .doesNotContain("\n");
    }

    @Test
    void limitsTheNumberOfSources() {
        String sources = IntStream.range(0, 201)
                .mapToObj(i -> "s" + i + "=postgresql://relay:secret@db/d" + i)
                .collect(Collectors.joining(","));
        assertThat(problems(Map.of("RELAY_SOURCES", sources)))
                .containsExactly("RELAY_SOURCES has more than 200 entries");
    }

    @Test
    void namesEveryWrongSettingAtOnce() {
        assertThat(problems(Map.of(
                        "RELAY_SOURCES", CUSTOMERS,
                        "TOPIC_PARTITIONS", "none",
                        "OUTBOX_RETENTION_HOURS", "0",
                        "KAFKA_BOOTSTRAP_SERVERS", "kafka",
                        "RELAY_SOURCE_CUSTOMERS_TOPIC_TEMPLATE", "{type}",
                        "RELAY_SOURCE_CUSTOMERS_TABLE", "events",
                        "RELAY_SOURCE_CUSTOMERS_TRIGGER", "no",
                        "RELAY_LINGER_MS", "0",
                        "RELAY_COMPRESSION", "lz5",
                        "RELAY_SOURCE_PAYMENTS_TOPIC_TEMPLATE", "x")))
                .extracting(line -> line.split(" ")[0])
                .containsExactlyInAnyOrder(
                        "TOPIC_PARTITIONS",
                        "OUTBOX_RETENTION_HOURS",
                        "KAFKA_BOOTSTRAP_SERVERS",
                        "RELAY_SOURCE_CUSTOMERS_TOPIC_TEMPLATE",
                        "RELAY_SOURCE_CUSTOMERS_TABLE",
                        "RELAY_SOURCE_CUSTOMERS_TRIGGER",
                        "RELAY_LINGER_MS",
                        "RELAY_COMPRESSION",
                        "RELAY_SOURCE_PAYMENTS_TOPIC_TEMPLATE");
        assertThat(problems(Map.of())).singleElement().asString().startsWith("RELAY_SOURCES is not set");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TABLE|public.outbox; DROP TABLE users",
                "TABLE|public.\"outbox\"",
                "TABLE|public.out'box",
                "TABLE|a.b.c",
                "COLUMNS|event_id:id",
                "COLUMNS|debezium,event_id:id\" FROM users --",
                "COLUMNS|debezium,id:id",
                "COLUMNS|other",
                "HEADER_MAP|type:header:a'b",
                "HEADER_MAP|ty\"pe:header",
                "HEADER_MAP|type:envelope:eventType",
                "HEADER_MAP|type:partition",
                "HEADER_MAP|type:header:a,id:header:a",
                "HEADER_MAP|type:header:ce_type",
                "HEADER_STYLE|avro",
            })
    void namesThatAreNoneAndPlacementsThatAreNotServedAreRefused(String setting, String value) {
        String variable = "RELAY_SOURCE_CUSTOMERS_" + setting;
        assertThat(problems(Map.of("RELAY_SOURCES", CUSTOMERS, variable, value)))
                .singleElement()
                .asString()
                .startsWith(variable + " ");
    }

    @Test
    void theEnvelopeIsRefusedWithWhatToDoInstead() {
        assertThat(problems(Map.of(
                        "RELAY_SOURCES", CUSTOMERS, "RELAY_SOURCE_CUSTOMERS_HEADER_MAP", "type:envelope:eventType")))
                .singleElement()
                .asString()
                .contains("place it in a header");
    }

    @Test
    void readsATableOfDebeziumsColumnsWithOthersAddedToThem() {
        SourceConfig source = read(Map.of(
                        "RELAY_SOURCES",
                        CUSTOMERS,
                        "RELAY_SOURCE_CUSTOMERS_TABLE",
                        "shop.outbox",
                        "RELAY_SOURCE_CUSTOMERS_COLUMNS",
                        "debezium, created_at:at, event_type:kind",
                        "RELAY_SOURCE_CUSTOMERS_HEADER_STYLE",
                        "debezium",
                        "RELAY_SOURCE_CUSTOMERS_HEADER_MAP",
                        "type:header:ce_type"))
                .sources()
                .get(0);
        assertThat(source.table().text()).isEqualTo("shop.outbox");
        assertThat(source.table().columns())
                .isEqualTo(Map.of(
                        "seq", "seq",
                        "event_id", "id",
                        "aggregate_type", "aggregatetype",
                        "aggregate_id", "aggregateid",
                        "event_type", "kind",
                        "payload", "payload",
                        "created_at", "at"));
        assertThat(source.table().headers()).isEqualTo(Map.of("ce_type", "type"));
        assertThat(source.headerStyle()).isEqualTo(HeaderStyle.DEBEZIUM);
        assertThat(source.table().ours()).isFalse();
    }

    private static RelayConfig read(Map<String, String> variables) {
        return RelayConfig.read(new Environment(new HashMap<>(variables)));
    }

    private static List<String> problems(Map<String, String> variables) {
        List<String> problems = new java.util.ArrayList<>();
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(variables))
                .satisfies(e -> problems.addAll(e.problems()));
        return problems;
    }
}
