package dev.doorbell.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LocalKafkaTest {
    private static int givenPort;
    private static LocalKafka kafka;

    @BeforeAll
    static void start() {
        givenPort = Ports.free();
        kafka = LocalKafka.start(
                LocalKafka.Options.defaults().withPort(givenPort).withSetting("message.max.bytes", "123456"));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void listensOnTheGivenPortOfTheLoopbackInterface() throws Exception {
        assertThat(kafka.bootstrapServers()).isEqualTo("127.0.0.1:" + givenPort);
        try (Admin admin = admin(kafka.bootstrapServers())) {
            assertThat(admin.describeCluster().nodes().get(10, TimeUnit.SECONDS))
                    .singleElement()
                    .satisfies(node -> assertThat(node.port()).isEqualTo(givenPort));
        }
    }

    @Test
    void takesFurtherSettingsAndCreatesNoTopicByAccident() throws Exception {
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
        try (Admin admin = admin(kafka.bootstrapServers())) {
            var config = admin.describeConfigs(List.of(broker))
                    .all()
                    .get(10, TimeUnit.SECONDS)
                    .get(broker);
            assertThat(config.get("message.max.bytes").value()).isEqualTo("123456");
            assertThat(config.get("auto.create.topics.enable").value()).isEqualTo("false");
            assertThatThrownBy(() -> admin.describeTopics(List.of("by-accident"))
                            .allTopicNames()
                            .get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void carriesRecordsToAGroupAndKeepsThemWhenKilledAndWhenStopped() throws Exception {
        createTopic("kept");
        send("kept", "first");
        long pid = kafka.pid();
        kafka.kill();
        assertThat(ProcessHandle.of(pid)).isEmpty();
        kafka.startAgain();
        assertThat(kafka.pid()).isNotEqualTo(pid);
        send("kept", "second");
        kafka.restart();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", kafka.bootstrapServers(),
                        "group.id", "readers",
                        "auto.offset.reset", "earliest",
                        "max.poll.records", "2"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(Set.of("kept"));
            List<String> values = new ArrayList<>();
            await("both records").until(() -> {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    values.add(record.value());
                }
                return values.size() >= 2;
            });
            assertThat(values).containsExactly("first", "second");
        }
    }

    @Test
    void writesItsLogIntoItsDirectory() {
        assertThat(kafka.directory().resolve("broker.log")).content().contains("Kafka Server started");
    }

    @Test
    void tellsClientsTheAdvertisedPort() throws Exception {
        int proxy = Ports.free();
        // In the place of a proxy: another listener, so that whoever is sent there gets an answer.
        int told = Ports.freeExcept(proxy);
        int further = Ports.freeExcept(proxy, told);
        LocalKafka.Options options = LocalKafka.Options.defaults()
                .withAdvertisedPort(proxy)
                .withListener(further, told)
                .withListener(told, told);
        try (LocalKafka behindProxy = LocalKafka.start(options);
                Admin admin = admin("127.0.0.1:" + further)) {
            assertThat(behindProxy.bootstrapServers()).isEqualTo("127.0.0.1:" + proxy);
            assertThat(behindProxy.port()).isNotEqualTo(proxy);
            assertThat(Files.readString(behindProxy.directory().resolve("server.properties")))
                    .contains("advertised.listeners=CLIENT\\://127.0.0.1\\:" + proxy);
            assertThat(admin.describeCluster().nodes().get(10, TimeUnit.SECONDS))
                    .as("what clients of the further listener are told")
                    .singleElement()
                    .satisfies(node -> assertThat(node.port()).isEqualTo(told));
        }
    }

    private static void createTopic(String name) throws Exception {
        try (Admin admin = admin(kafka.bootstrapServers())) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get(10, TimeUnit.SECONDS);
        }
    }

    private static void send(String topic, String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "compression.type", "lz4"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get(20, TimeUnit.SECONDS);
        }
    }

    private static Admin admin(String bootstrapServers) {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }
}
