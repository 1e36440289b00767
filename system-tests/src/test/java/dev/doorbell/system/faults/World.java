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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/**
 * PostgreSQL, the broker and up to two instances of each service as processes of their own, a proxy on every connection
 * of a service and on the load's: what faults befall. What the tests themselves ask goes past the proxies. Its databases
 * and topics, and so its call log and its injected poison, last over several runs.
 */
final class World implements AutoCloseable {
    static final String POSTGRES = "postgres";
    static final String BROKER = "broker";
    /** The relay that leads the customers' outbox at the time, and the other one. */
    static final String LEADER = "relay-leader";

    static final String STANDBY = "relay-standby";
    static final int INSTANCES_MAX = 2;
    private static final int CALLS_MAX = 200_000;

    private final LocalStack stack;
    private final OwnedDirectory owner = OwnedDirectory.create("faults");
    private final Map<String, FaultProxy> proxies;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Servers servers;
    private final Admin admin;
    private final CallLog calls = new CallLog(CALLS_MAX);
    private final List<Poison> poison = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    private World(LocalStack stack, Map<String, FaultProxy> proxies) {
        this.stack = stack;
        this.proxies = proxies;
        this.servers = new Servers(stack);
        this.admin = Admin.create(Map.of("bootstrap.servers", stack.kafka().bootstrapServers()));
    }

    /** Returns when one customer service, one payment service and two relays are ready. */
    static World start() {
        return start(WorldSettings.DEADLINE);
    }

    /** @param deadline of a registration */
    static World start(Duration deadline) {
        // A broker tells its clients where to connect to: with a listener for each, they come back by their own proxy.
        Map<String, FaultProxy> proxies = new LinkedHashMap<>();
        LocalKafka.Options broker = LocalKafka.Options.defaults().withSetting("num.network.threads", "1");
        for (String name : WorldSettings.instances()) {
            int listener = Ports.free();
            FaultProxy proxy = FaultProxy.start(listener);
            proxies.put(new Link(name, Link.Peer.KAFKA).toString(), proxy);
            broker = broker.withListener(listener, proxy.port());
        }
        // Sessions of the dead and the cut off stay for a while.
        LocalPostgres.Options postgres = LocalPostgres.Options.defaults().withSetting("max_connections", "300");
        World world = new World(LocalStack.start(postgres, broker), proxies);
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
            proxies.put(new Link(name, Link.Peer.POSTGRES).toString(), postgres);
            int http = Ports.free();
            FaultProxy front = FaultProxy.start(http);
            proxies.put(new Link(name, Link.Peer.HTTP).toString(), front);
            FaultProxy kafka = proxies.get(new Link(name, Link.Peer.KAFKA).toString());
            ServiceJar jar = WorldSettings.jar(name);
            Map<String, String> environment = settings.environment(jar, http, postgres.port(), kafka.port());
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
                .flatMap(List::stream)
                .toList();
        awaitReady();
        return disorder;
    }

    private static List<String> resize(Member second, int instances) {
        if (instances == INSTANCES_MAX) {
            second.start();
            return List.of();
        }
        return second.stop() ? List.of() : List.of(second.name() + " did not stop in order");
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

    /** By name, or the relay that is leader or standby now. */
    Member member(String name) {
        return switch (name) {
            case LEADER -> Relays.leader(members.get("relay-1"), members.get("relay-2"));
            case STANDBY -> Relays.standby(members.get("relay-1"), members.get("relay-2"));
            default -> members.get(name);
        };
    }

    FaultProxy proxy(Link link) {
        return proxies.get(new Link(member(link.service()).name(), link.peer()).toString());
    }

    Servers servers() {
        return servers;
    }

    /** Where the load sends registrations: each customer service in turn. */
    Supplier<URI> customers() {
        List<URI> addresses = wanted().stream()
                .filter(member -> member.name().startsWith("customer"))
                .map(member -> proxies.get(new Link(member.name(), Link.Peer.HTTP).toString()))
                .map(proxy -> URI.create("http://127.0.0.1:" + proxy.port() + "/customers"))
                .toList();
        return () -> addresses.get(Math.floorMod(turn.getAndIncrement(), addresses.size()));
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
        return Evidence.read(database("customers"), database("payments"), reader());
    }

    /** What a fault has begun and not undone, which would make everything after it mean something else. */
    List<String> unhealed() {
        Stream<String> links = proxies.entrySet().stream()
                .filter(proxy -> !proxy.getValue().isHealed())
                .map(Map.Entry::getKey);
        Stream<String> services =
                members.values().stream().filter(Member::isHeld).map(Member::name);
        return Stream.of(links, services, servers.missing().stream())
                .flatMap(names -> names)
                .toList();
    }

    /** Waits until nothing moves any more. */
    Rest awaitRest(Duration limit) {
        return Rest.await(this, limit);
    }

    /** Logs of the servers; those of the services are told by their processes. */
    List<Path> serverLogs() {
        return List.of(
                stack.postgres().directory().resolve("postgresql.log"),
                stack.kafka().directory().resolve("broker.log"));
    }

    @Override
    public void close() {
        members.values().forEach(Member::end);
        proxies.values().forEach(FaultProxy::close);
        owner.close();
        admin.close(Duration.ZERO);
        stack.close();
    }
}
