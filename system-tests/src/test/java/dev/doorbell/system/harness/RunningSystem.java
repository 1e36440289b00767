package dev.doorbell.system.harness;

import dev.doorbell.localstack.LocalKafka;
import dev.doorbell.localstack.LocalPostgres;
import dev.doorbell.localstack.LocalStack;
import dev.doorbell.localstack.OwnedDirectory;
import dev.doorbell.localstack.Ports;
import dev.doorbell.messages.Topics;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/**
 * PostgreSQL, Kafka and the three services as processes of their own: what a user runs. A service keeps its port and its
 * settings over restarts. From one thread.
 */
public final class RunningSystem implements AutoCloseable {
    private static final Map<String, Set<String>> TOPICS_OF_GROUP =
            Map.of("customer-verticle", Set.of(Topics.PAYMENT), "payment-verticle", Set.of(Topics.CUSTOMER));

    private final LocalStack stack;
    private final OwnedDirectory owner = OwnedDirectory.create("services");
    private final Admin admin;
    private final Map<ServiceJar, ServiceProcess> services = new EnumMap<>(ServiceJar.class);
    private final List<ServiceProcess> others = new ArrayList<>();

    private RunningSystem(LocalStack stack) {
        this.stack = stack;
        this.admin = Admin.create(Map.of("bootstrap.servers", stack.kafka().bootstrapServers()));
    }

    /** Starts everything, with {@code migrate} before the services, and returns when all are ready. */
    public static RunningSystem start() {
        // Debezium reads the log.
        LocalPostgres.Options postgres = LocalPostgres.Options.defaults().withSetting("wal_level", "logical");
        RunningSystem system = new RunningSystem(LocalStack.start(postgres, LocalKafka.Options.defaults()));
        try {
            system.createDatabase("customers");
            system.createDatabase("payments");
            system.migrate();
            system.ensureRunning();
            return system;
        } catch (RuntimeException | Error e) {
            system.close();
            throw e;
        }
    }

    private void migrate() {
        List<ServiceProcess> migrations = Stream.of(ServiceJar.CUSTOMER, ServiceJar.PAYMENT)
                .map(jar -> run(jar, environment(jar), "migrate"))
                .toList();
        for (ServiceProcess migration : migrations) {
            if (migration.exitCode() != 0) {
                throw new IllegalStateException("migrate failed: " + migration.output());
            }
        }
    }

    /** What the service is configured by; without a port. */
    public Map<String, String> environment(ServiceJar jar) {
        Map<String, String> environment = new HashMap<>();
        environment.put("KAFKA_BOOTSTRAP_SERVERS", stack.kafka().bootstrapServers());
        switch (jar) {
            case CUSTOMER -> environment.put("DATABASE_URL", databaseUrl("customers"));
            case PAYMENT -> environment.put("DATABASE_URL", databaseUrl("payments"));
            case RELAY ->
                environment.put(
                        "RELAY_SOURCES",
                        "customers=" + databaseUrl("customers") + ",payments=" + databaseUrl("payments"));
        }
        return environment;
    }

    /** Starts those of the three that do not run, and waits until they are ready. */
    public void ensureRunning() {
        List<ServiceProcess> started = Stream.of(ServiceJar.values())
                .filter(jar -> !services.containsKey(jar) || !services.get(jar).isAlive())
                .map(this::startWithoutWaiting)
                .toList();
        started.forEach(ServiceProcess::awaitReady);
    }

    /** Starts one of the three again after its end, and waits until it is ready. */
    public ServiceProcess startAgain(ServiceJar jar) {
        return startWithoutWaiting(jar).awaitReady();
    }

    private ServiceProcess startWithoutWaiting(ServiceJar jar) {
        ServiceProcess before = services.get(jar);
        ServiceProcess started = before == null
                ? run(jar, withPort(environment(jar)))
                : ServiceProcess.start(owner, jar, before.environment());
        services.put(jar, started);
        return started;
    }

    /** Starts one more instance beside the three; waits for nothing. It is killed after the test class at the latest. */
    public ServiceProcess startAnother(ServiceJar jar, Map<String, String> changed) {
        Map<String, String> environment = withPort(environment(jar));
        environment.putAll(changed);
        ServiceProcess other = run(jar, environment);
        others.add(other);
        return other;
    }

    /** Takes an instance that {@link #startAnother} started as the one of the three, for one that was killed. */
    public void promote(ServiceProcess other) {
        others.remove(other);
        services.put(other.jar(), other);
    }

    /** Runs a jar with these settings alone. */
    public ServiceProcess run(ServiceJar jar, Map<String, String> environment, String... arguments) {
        return ServiceProcess.start(owner, jar, environment, arguments);
    }

    /** Kills what {@link #startAnother} started. */
    public void endOthers() {
        others.forEach(ServiceProcess::kill);
        others.clear();
    }

    private static Map<String, String> withPort(Map<String, String> environment) {
        Map<String, String> complete = new HashMap<>(environment);
        complete.put("HTTP_PORT", Integer.toString(Ports.free()));
        return complete;
    }

    public ServiceProcess service(ServiceJar jar) {
        return services.get(jar);
    }

    public Registrations registrations() {
        return new Registrations(() -> service(ServiceJar.CUSTOMER), () -> service(ServiceJar.PAYMENT));
    }

    public Database createDatabase(String name) {
        stack.postgres().createDatabase(name);
        return database(name);
    }

    public Database database(String name) {
        return new Database(name, stack.postgres().jdbcUrl(name));
    }

    public String databaseUrl(String name) {
        return stack.postgres().url(name);
    }

    public Database customers() {
        return database("customers");
    }

    public Database payments() {
        return database("payments");
    }

    public LocalStack stack() {
        return stack;
    }

    public TopicReader reader() {
        return new TopicReader(stack.kafka().bootstrapServers());
    }

    public TopicWriter writer() {
        return new TopicWriter(stack.kafka().bootstrapServers());
    }

    public Settlement settlement() {
        return new Settlement(admin);
    }

    /** Waits until every event is published and every record consumed, also those that these bring forth. */
    public void awaitRest() {
        Waiting.forNone(
                "all events are published and consumed",
                Waiting.LIMIT,
                () -> settlement().unrest(TOPICS_OF_GROUP, List.of(customers(), payments())));
    }

    @Override
    public void close() {
        endOthers();
        services.values().forEach(ServiceProcess::kill);
        owner.close();
        admin.close();
        stack.close();
    }
}
