package dev.doorbell.benchmarks.lab;

import dev.doorbell.benchmarks.measure.ProcessUsage;
import dev.doorbell.benchmarks.measure.Waiting;
import dev.doorbell.localstack.Ports;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The customer service, the payment service and the relay as their fat jars, on databases and topics of their own. */
public final class RegistrationSystem implements AutoCloseable {
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    private static final int PROBE_MS = 3_000;
    private static final String CUSTOMERS = "customers";
    private static final String PAYMENTS = "payments";

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Lab lab;
    private final String name;
    private final Map<String, ChildJvm> services = new HashMap<>();
    private final Map<String, Integer> ports = new HashMap<>();
    private Database customers;
    private Topic customerTopic;

    private RegistrationSystem(Lab lab, String name) {
        this.lab = lab;
        this.name = name;
    }

    /** Returns when all three answer that they are ready. */
    public static RegistrationSystem start(Lab lab, String what) {
        return start(lab, what, true);
    }

    /** Customer service and relay alone: registrations are accepted and published, and go no further. */
    public static RegistrationSystem withoutPayments(Lab lab, String what) {
        return start(lab, what, false);
    }

    private static RegistrationSystem start(Lab lab, String what, boolean payments) {
        RegistrationSystem system = new RegistrationSystem(lab, lab.nextName(what));
        try {
            system.start(payments);
            return system;
        } catch (RuntimeException e) {
            system.close();
            throw e;
        }
    }

    private void start(boolean withPayments) {
        customers = database(CUSTOMERS);
        customerTopic = topic("outbox.event.customer");
        topic("outbox.event.payment");
        String sources = CUSTOMERS + "=" + customers.url();
        if (withPayments) {
            Database payments = database(PAYMENTS);
            sources += "," + PAYMENTS + "=" + payments.url();
            service("payment-verticle", "-Xmx256m", Map.of("DATABASE_URL", payments.url()));
        }
        service("customer-verticle", "-Xmx512m", Map.of("DATABASE_URL", customers.url()));
        service("relay-verticle", "-Xmx256m", Map.of("RELAY_SOURCES", sources));
        services.forEach((module, service) -> Waiting.until(module + " is ready", READY_LIMIT, () -> {
            service.requireAlive();
            return isReady(ports.get(module));
        }));
    }

    private Database database(String folder) {
        Database database = Database.create(lab, name + "-" + folder, folder);
        open.push(database::drop);
        return database;
    }

    private Topic topic(String topicName) {
        Topic topic = Topic.create(lab, topicName);
        open.push(topic::delete);
        return topic;
    }

    private void service(String module, String heap, Map<String, String> environment) {
        int port = Ports.free();
        Map<String, String> all = new HashMap<>(environment);
        all.put("KAFKA_BOOTSTRAP_SERVERS", lab.kafka().bootstrapServers());
        all.put("HTTP_PORT", String.valueOf(port));
        if (!module.startsWith("relay")) {
            // Its own: offsets of an earlier turn would be those of other topics.
            all.put("CONSUMER_GROUP", name + "-" + module);
        }
        ChildJvm service =
                lab.start(module, all, List.of(heap, "-jar", lab.jar(module).toString()));
        open.push(service);
        services.put(module, service);
        ports.put(module, port);
    }

    private static boolean isReady(int port) {
        try {
            HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/health/ready")
                    .toURL()
                    .openConnection();
            connection.setConnectTimeout(PROBE_MS);
            connection.setReadTimeout(PROBE_MS);
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException notListening) {
            return false;
        }
    }

    public int customerPort() {
        return ports.get("customer-verticle");
    }

    public Database customers() {
        return customers;
    }

    /** Where the registrations' events go. */
    public Topic customerTopic() {
        return customerTopic;
    }

    /** CPU seconds of each of the programs since its start, by the name of its module. */
    public Map<String, Double> cpuSeconds() {
        Map<String, Double> seconds = new TreeMap<>();
        services.forEach((module, service) ->
                seconds.put(module, new ProcessUsage().cpuSeconds(service.pid()).orElse(0)));
        return seconds;
    }

    /** @throws dev.doorbell.benchmarks.measure.BenchmarkException when one of the three has ended */
    public void requireAlive() {
        services.values().forEach(ChildJvm::requireAlive);
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                lab.report(name + ": could not end in order: " + e.getMessage());
            }
        }
    }
}
