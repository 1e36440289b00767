package dev.doorbell.benchmarks.contender;

import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.lab.Topic;
import dev.doorbell.localstack.Ports;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Our relay, as its fat jar and with its defaults, whatever the question; the heap is 256 MiB. */
public final class DoorbellRelay implements Contender {
    private final String name;
    private final Map<String, String> settings;

    public DoorbellRelay() {
        this("doorbell", Map.of());
    }

    private DoorbellRelay(String name, Map<String, String> settings) {
        this.name = name;
        this.settings = settings;
    }

    /** With the two headers of Debezium's outbox router in the place of the nine of a CloudEvent. */
    public static DoorbellRelay withDebeziumHeaders() {
        return new DoorbellRelay(
                "doorbell-debezium-headers",
                Map.of(
                        "RELAY_SOURCE_BENCH_HEADER_STYLE",
                        "debezium",
                        "RELAY_SOURCE_BENCH_HEADER_MAP",
                        "event_type:header:eventType"));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void prepare(Lab lab, Database database) {
        // The migrations have made all that it needs.
    }

    @Override
    public Running start(Lab lab, Database database, Topic topic, Goal goal) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("RELAY_SOURCES", "bench=" + database.url());
        return start(lab, environment, topic);
    }

    /** @param environment names the sources; the first must be {@code bench} */
    public static Running start(Lab lab, Map<String, String> environment, Topic topic) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("KAFKA_BOOTSTRAP_SERVERS", lab.kafka().bootstrapServers());
        int port = Ports.free();
        all.put("HTTP_PORT", String.valueOf(port));
        all.put("RELAY_SOURCE_BENCH_TOPIC_TEMPLATE", topic.name());
        return new DoorbellRunning(
                lab.start(
                        "doorbell",
                        all,
                        List.of("-Xmx256m", "-jar", lab.jar("relay-verticle").toString())),
                port);
    }
}
