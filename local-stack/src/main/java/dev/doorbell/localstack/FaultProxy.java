package dev.doorbell.localstack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy on the loopback interface that can do to its connections what networks do: delay, throttle, fall silent,
 * break off. It knows nothing of what passes through it.
 *
 * <p>Faults hold for present and new connections until {@link #heal}, except {@link #silence}, {@link #reset} and
 * {@link #halfClose}, which are done to the connections there are. Bytes are never lost or changed within a connection, as in TCP: what is held
 * up goes on after {@link #heal}, unless somebody has closed the connection.
 *
 * <p>For Kafka, let the broker advertise the proxy's port ({@link LocalKafka.Options#withAdvertisedPort}), or clients
 * would go past it. All methods may be called from any thread. Two threads per connection, at most
 * {@value #CONNECTIONS_MAX} connections; one more is reset.
 */
public final class FaultProxy implements AutoCloseable {
    /** Where bytes of a connection are on their way to. */
    public enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    static final int CONNECTIONS_MAX = 1_000;
    private static final int CONNECT_TIMEOUT_MS = 5_000;

    private final ServerSocket listener;
    private final NetworkFaults faults = new NetworkFaults();
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong broken = new AtomicLong();
    private volatile int targetPort;

    private FaultProxy(ServerSocket listener, int targetPort) {
        this.listener = listener;
        this.targetPort = targetPort;
    }

    /** Listens on a free port. The target need not be there yet. */
    public static FaultProxy start(int targetPort) {
        return start(Ports.free(), targetPort);
    }

    /**
     * Listens on {@code port}.
     *
     * @throws LocalStackException when the port is taken
     */
    public static FaultProxy start(int port, int targetPort) {
        try {
            ServerSocket listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            FaultProxy proxy = new FaultProxy(listener, targetPort);
            daemon("fault-proxy-" + port, proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new LocalStackException("proxy: cannot listen on port " + port, e);
        }
    }

    /** The port that clients connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** New connections go to another server; present ones stay where they are. */
    public void retarget(int newTargetPort) {
        targetPort = newTargetPort;
    }

    /** How many connections there are. */
    public int connections() {
        return connections.size();
    }

    /** How many connections a fault of this proxy has broken: reset, cut, half-closed or refused. */
    public long broken() {
        return broken.get();
    }

    /**
     * How often a fault of this proxy has held something up that was on its way: a piece of bytes that was delayed,
     * throttled or stopped, the end of a connection, or a new one. A fault that meets no traffic does not count.
     */
    public long held() {
        return faults.held();
    }

    /** Whether no fault holds for present or new connections. */
    public boolean isHealed() {
        return faults.none();
    }

    /** Every piece is held back for so long, in either direction; pieces that come meanwhile are delayed together. */
    public void latency(Duration delay) {
        faults.latency(delay);
    }

    /** Limits each direction of each connection. */
    public void bandwidth(int bytesPerSecond) {
        faults.bandwidth(bytesPerSecond);
    }

    /** Nothing moves any more and nobody is told; new connections are accepted and hang. No direction means both. */
    public void blackHole(Direction... directions) {
        for (Direction direction : directions.length == 0 ? Direction.values() : directions) {
            faults.block(direction);
        }
    }

    /** The connections there are fall silent, as behind a route that is lost; new ones work. */
    public void silence() {
        connections.forEach(connection -> {
            for (Direction direction : Direction.values()) {
                connection.stallAfter(direction, 0);
            }
        });
    }

    /** Each connection falls silent in this direction when {@code bytes} more have passed. */
    public void stallAfter(Direction direction, long bytes) {
        faults.stallAfter(direction, bytes);
        connections.forEach(connection -> connection.stallAfter(direction, bytes));
    }

    /** Each connection is reset when {@code bytes} more have passed in this direction. */
    public void cutAfter(Direction direction, long bytes) {
        faults.cutAfter(direction, bytes);
        connections.forEach(connection -> connection.cutAfter(direction, bytes));
    }

    /** Present connections end with RST on both sides. */
    public void reset() {
        connections.forEach(this::breakOff);
    }

    /** In present connections this direction ends in order (FIN), and what is still sent into it is dropped. */
    public void halfClose(Direction direction) {
        connections.forEach(connection -> {
            broken.incrementAndGet();
            connection.halfClose(direction);
        });
    }

    /** New connections are reset at once. */
    public void refuse() {
        faults.refuse();
    }

    /** Ends all faults. Connections that were broken stay so. */
    public void heal() {
        connections.forEach(ProxiedConnection::heal);
        faults.heal();
    }

    /** Resets all connections and listens no more. Does nothing the second time. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            // It listens no more either way.
        }
        connections.forEach(ProxiedConnection::reset);
        faults.heal();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (faults.refuses() || connections.size() >= CONNECTIONS_MAX) {
                    broken.incrementAndGet();
                    ProxiedConnection.reset(client);
                } else {
                    serve(client);
                }
            } catch (IOException e) {
                // Closed, or a client that was gone before it was accepted.
            }
        }
    }

    private void serve(Socket client) {
        ProxiedConnection connection = new ProxiedConnection(client, faults, this::breakOff, connections::remove);
        connections.add(connection);
        connection.start(() -> {
            // A route that is down does not reach the server with the first packet either.
            faults.awaitOpen(Direction.TO_SERVER);
            Socket server = new Socket();
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort), CONNECT_TIMEOUT_MS);
            return server;
        });
        if (listener.isClosed()) {
            connection.reset();
        }
    }

    private void breakOff(ProxiedConnection connection) {
        broken.incrementAndGet();
        connection.reset();
    }

    static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
