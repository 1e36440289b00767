package dev.doorbell.system.faults;

import dev.doorbell.localstack.FaultProxy;
import dev.doorbell.localstack.LocalKafka;
import dev.doorbell.localstack.LocalPostgres;
import dev.doorbell.localstack.LocalStack;
import dev.doorbell.localstack.OwnedDirectory;
import dev.doorbell.localstack.Ports;
import dev.doorbell.system.faults.history.CallLog;
import dev.doorbell.system.faults.history.Evidence;
import dev.doorbell.system.faults.history.Expectations.Poison;
import dev.doorbell.system.faults.history.LagHistory;
import dev.doorbell.system.harness.Database;
import dev.doorbell.system.harness.ServiceJar;
import dev.doorbell.system.harness.ServiceProcess;
import dev.doorbell.system.harness.Settlement;
import dev.doorbell.system.harness.TopicReader;
import dev.doorbell.system.harness.TopicWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/**
 * PostgreSQL, the broker, Keycloak if wanted and up to two instances of each service as processes of their own, a proxy on
 * every connection of a service and on the load's: what faults befall. What the tests themselves ask goes past the proxies. Its databases
 * and topics, and so its call log and its injected poison, last over several runs.
 */
final class World implements AutoCloseable {
    static final String POSTGRES = "postgres";
    static final String BROKER = "broker";
    static final String KEYCLOAK = "keycloak";
    /** The relay that leads the customers' outbox at the time, and the other one. */
    static final String LEADER = "relay-leader";

    static final String STANDBY = "relay-standby";
    static final int INSTANCES_MAX = 2;
    private static final int CALLS_MAX = 200_000;
    /** One for each member: the last must not wait for the first before it gets its signal. */
    private static final Executor STOPPERS = task -> new Thread(task, "stop").start();

    private final Backends backends;
    private final LocalStack stack;
    private final Optional<Keycloak> keycloak;
    private final OwnedDirectory owner = OwnedDirectory.create("faults");
    private final Links links;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Servers servers;
    private final Admin admin;
    private final CallLog calls = new CallLog(CALLS_MAX);
    private final List<Poison> poison = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    private World(Backends backends, Links links) {
        this.backends = backends;
        this.stack = backends.stack();
        this.keycloak = backends.keycloak();
        this.links = links;
        this.servers = new Servers(stack);
        this.admin = Admin.create(Map.of("bootstrap.servers", stack.kafka().bootstrapServers()));
    }

    /** Returns when one customer service, one payment service and two relays are ready. */
    static World start(boolean keycloak) {
        return start(WorldSettings.DEADLINE, keycloak);
    }

    /** @param deadline of a registration */
    static World start(Duration deadline, boolean keycloak) {
        // A broker tells its clients where to connect to: with a listener for each, they come back by their own proxy.
        Links links = new Links();
        LocalKafka.Options broker = LocalKafka.Options.defaults().withSetting("num.network.threads", "1");
        for (String name : WorldSettings.instances()) {
            int listener = Ports.free();
            FaultProxy proxy = FaultProxy.start(listener);
            links.add(new Link(name, Link.Peer.KAFKA), proxy);
            broker = broker.withListener(listener, proxy.port());
        }
        // Sessions of the dead and the cut off stay for a while.
        LocalPostgres.Options postgres = LocalPostgres.Options.defaults().withSetting("max_connections", "300");
        World world = new World(Backends.start(postgres, broker, keycloak), links);
        try {
            world.prepare(new WorldSettings(world.stack, deadline));
            return world;
        } catch (RuntimeException | Error e) {
            world.close();
            throw e;
        }
    }

    private void prepare(WorldSettings settings) {
        stack.postgres().createDatabase("customers");
        stack.postgres().createDatabase("payments");
        settings.migrate(owner);
        LagHistory.install(database("customers"));
        for (String name : WorldSettings.instances()) {
            FaultProxy postgres = FaultProxy.start(stack.postgres().port());
            links.add(new Link(name, Link.Peer.POSTGRES), postgres);
            int http = Ports.free();
            FaultProxy front = FaultProxy.start(http);
            links.add(new Link(name, Link.Peer.HTTP), front);
            FaultProxy kafka = links.proxy(new Link(name, Link.Peer.KAFKA));
            ServiceJar jar = WorldSettings.jar(name);
            Map<String, String> environment = settings.environment(jar, http, postgres.port(), kafka.port());
            if (jar == ServiceJar.CUSTOMER && keycloak.isPresent()) {
                FaultProxy identities = FaultProxy.start(keycloak.get().front().port());
                links.add(new Link(name, Link.Peer.KEYCLOAK), identities);
                environment.putAll(WorldSettings.keycloak(identities.port()));
            }
            members.put(name, new Member(name, () -> ServiceProcess.start(owner, jar, environment)));
        }
        Stream.of("customer-1", "payment-1", "relay-1", "relay-2")
                .map(members::get)
                .forEach(Member::start);
        awaitReady();
    }

    /**
     * Starts second instances or stops them in order, and waits until all are ready.
     *
     * @return what did not end in order
     */
    List<String> shape(int customers, int payments) {
        List<String> disorder = Stream.of(
                        resize(members.get("customer-2"), customers), resize(members.get("payment-2"), payments))
                .flatMap(Optional::stream)
                .toList();
        awaitReady();
        return disorder;
    }

    private static Optional<String> resize(Member second, int instances) {
        if (instances == INSTANCES_MAX) {
            second.start();
            return Optional.empty();
        }
        return second.stop();
    }

    /**
     * SIGTERM to all services at once, for good.
     *
     * @return what did not end in order
     */
    List<String> stop() {
        List<CompletableFuture<Optional<String>>> stops = members.values().stream()
                .map(member -> CompletableFuture.supplyAsync(member::stop, STOPPERS))
                .toList();
        return stops.stream()
                .map(CompletableFuture::join)
                .flatMap(Optional::stream)
                .toList();
    }

    private void awaitReady() {
        wanted().forEach(member -> member.process().awaitReady());
    }

    /** The instances that are meant to run. */
    List<Member> wanted() {
        return members.values().stream().filter(Member::isWanted).toList();
    }

    List<Member> members() {
        return List.copyOf(members.values());
    }

    /** By name, or the relay that is leader or standby now; for these it waits until exactly one leads. */
    Member member(String name) {
        Relays relays = new Relays(members.get("relay-1"), members.get("relay-2"));
        return switch (name) {
            case LEADER -> relays.leader();
            case STANDBY -> relays.standby();
            default -> members.get(name);
        };
    }

    Links links() {
        return links;
    }

    /** The link of the instance that has the role now. */
    Link place(Link link) {
        return new Link(member(link.service()).name(), link.peer());
    }

    Servers servers() {
        return servers;
    }

    Optional<Keycloak> keycloak() {
        return keycloak;
    }

    /** Where the load sends registrations: each customer service in turn. */
    Supplier<URI> customers() {
        List<URI> addresses = customerServices().stream()
                .map(member -> front(member).resolve("/customers"))
                .toList();
        return () -> addresses.get(Math.floorMod(turn.getAndIncrement(), addresses.size()));
    }

    List<Member> customerServices() {
        return wanted().stream()
                .filter(member -> member.name().startsWith("customer"))
                .toList();
    }

    /** A customer service by the load's way, through its proxy. */
    URI front(Member customerService) {
        Link link = new Link(customerService.name(), Link.Peer.HTTP);
        return URI.create("http://127.0.0.1:" + links.proxy(link).port());
    }

    CallLog calls() {
        return calls;
    }

    void expectPoison(Poison injected) {
        poison.add(injected);
    }

    List<Poison> poison() {
        return List.copyOf(poison);
    }

    Database database(String name) {
        return new Database(name, stack.postgres().jdbcUrl(name));
    }

    TopicReader reader() {
        return new TopicReader(stack.kafka().bootstrapServers());
    }

    TopicWriter writer() {
        return new TopicWriter(stack.kafka().bootstrapServers());
    }

    Settlement settlement() {
        return new Settlement(admin);
    }

    Evidence evidence() {
        return Evidence.read(
                database("customers"),
                database("payments"),
                reader(),
                () -> keycloak.map(Keycloak::users).orElse(List.of()));
    }

    /** What a fault has begun and not undone, which would make everything after it mean something else. */
    List<String> unhealed() {
        Stream<String> services =
                members.values().stream().filter(Member::isHeld).map(Member::name);
        List<String> ofKeycloak = keycloak.map(Keycloak::unhealed).orElse(List.of());
        return Stream.of(links.unhealed().stream(), services, servers.missing().stream(), ofKeycloak.stream())
                .flatMap(names -> names)
                .toList();
    }

    /** Waits until nothing moves any more. */
    Rest awaitRest(Duration limit) {
        return Rest.await(this, limit);
    }

    /** Logs of the servers; those of the services are told by their processes. */
    List<Path> serverLogs() {
        List<Path> logs = new ArrayList<>(List.of(
                stack.postgres().directory().resolve("postgresql.log"),
                stack.kafka().directory().resolve("broker.log")));
        keycloak.map(Keycloak::log).ifPresent(logs::add);
        return logs;
    }

    @Override
    public void close() {
        members.values().forEach(Member::end);
        links.close();
        owner.close();
        admin.close(Duration.ZERO);
        backends.close();
    }
}
