package dev.doorbell.localstack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Free TCP ports on the loopback interface. Nothing reserves a port that is found here: the caller binds it soon.
 *
 * <p>Free ports are taken from 20000 to 32767, below the range from which operating systems take the ports of outgoing
 * connections (Linux 32768 to 60999, macOS and Windows from 49152): a client that keeps connecting to a stopped server on
 * a port of that range can be given this very port for its own end and so keep the server from starting again.
 */
public final class Ports {
    private static final int FREE_MIN = 20_000;
    private static final int FREE_MAX = 32_767;
    private static final int ATTEMPTS_MAX = 1_000;
    private static final int PORT_MAX = 65_535;

    private Ports() {}

    /** A port that is free now. */
    public static int free() {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FREE_MIN, FREE_MAX + 1);
            if (isFree(port)) {
                return port;
            }
        }
        throw new LocalStackException("no free port found between " + FREE_MIN + " and " + FREE_MAX);
    }

    /** A port that is free now, and none of those given. */
    static int freeExcept(int... others) {
        int port = free();
        while (contains(others, port)) {
            port = free();
        }
        return port;
    }

    private static boolean contains(int[] ports, int port) {
        return IntStream.of(ports).anyMatch(other -> other == port);
    }

    /** The first free port from {@code first} upwards. */
    public static int firstFreeFrom(int first) {
        for (int port = check(first); port <= Math.min(first + ATTEMPTS_MAX, PORT_MAX); port++) {
            if (isFree(port)) {
                return port;
            }
        }
        throw new LocalStackException("no free port found from " + first + " upwards");
    }

    public static boolean isFree(int port) {
        return canBind(port, InetAddress.getLoopbackAddress()) && canBind(port, null);
    }

    /** The wildcard as well: where a server listens on all interfaces, some systems still let us bind the loopback. */
    private static boolean canBind(int port, InetAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(!System.getProperty("os.name").startsWith("Windows"));
            socket.bind(new InetSocketAddress(address, port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    static void requireFree(String component, int port) {
        if (!isFree(port)) {
            throw new LocalStackException(component + ": port " + port
                    + " is in use; choose another with withPort, or 0 for one that is free");
        }
    }

    static int check(int port) {
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException("port must be between 0 and " + PORT_MAX + ", not " + port);
        }
        return port;
    }
}
