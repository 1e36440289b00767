package dev.doorbell.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doorbell.localstack.FaultProxy.Direction;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FaultProxyTest {
    private static final int PATIENCE_MS = 20_000;
    /** How long nothing must come: long beside a loopback round trip of well below a millisecond. */
    private static final int SILENCE_MS = 300;

    private ServerSocket server;
    private FaultProxy proxy;
    private Socket client;
    private Socket accepted;

    @BeforeEach
    void connect() throws IOException {
        server = listen();
        proxy = FaultProxy.start(server.getLocalPort());
        client = dial();
        accepted = accept(server);
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        client.close();
        accepted.close();
        server.close();
    }

    @Test
    void passesBytesAndTheEndInBothDirections() throws IOException {
        send(client, "there");
        assertThat(receive(accepted, 5)).isEqualTo("there");
        send(accepted, "back");
        assertThat(receive(client, 4)).isEqualTo("back");
        assertThat(proxy.connections()).isEqualTo(1);
        client.shutdownOutput();
        assertThat(accepted.getInputStream().read()).isEqualTo(-1);
        send(accepted, "more");
        accepted.close();
        assertThat(receive(client, 4)).isEqualTo("more");
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        awaitConnections(0);
        assertThat(proxy.broken()).isZero();
    }

    @Test
    void latencyHoldsBackAndBandwidthSpreads() throws IOException {
        proxy.latency(Duration.ofMillis(150));
        long since = System.nanoTime();
        send(client, "late");
        receive(accepted, 4);
        assertThat(System.nanoTime() - since).isGreaterThanOrEqualTo(150_000_000);
        proxy.heal();
        proxy.bandwidth(10_000);
        since = System.nanoTime();
        send(client, "x".repeat(3_000));
        receive(accepted, 3_000);
        assertThat(System.nanoTime() - since).isGreaterThanOrEqualTo(290_000_000);
    }

    @Test
    void countsWhatIsReallyHeldUp() throws IOException {
        List<Consumer<FaultProxy>> faults = List.of(
                p -> p.latency(Duration.ofMillis(1)),
                p -> p.bandwidth(1_000),
                FaultProxy::blackHole,
                p -> p.blackHole(Direction.TO_SERVER),
                p -> p.stallAfter(Direction.TO_SERVER, 1),
                FaultProxy::silence);
        send(client, "free");
        assertThat(receive(accepted, 4)).isEqualTo("free");
        assertThat(proxy.held()).isZero();
        for (Consumer<FaultProxy> fault : faults) {
            long before = proxy.held();
            fault.accept(proxy);
            assertSilent(accepted);
            assertThat(proxy.held()).as("without traffic").isEqualTo(before);
            send(client, "held");
            org.awaitility.Awaitility.await("something is held up").until(() -> proxy.held() > before);
            proxy.heal();
            assertThat(receive(accepted, 4)).isEqualTo("held");
        }
    }

    @Test
    void whatPassesInTheOtherDirectionIsNotHeldUp() throws IOException {
        proxy.blackHole(Direction.TO_CLIENT);
        proxy.stallAfter(Direction.TO_CLIENT, 0);
        send(client, "there");
        assertThat(receive(accepted, 5)).isEqualTo("there");
        assertThat(proxy.held()).isZero();
    }

    @Test
    void aNewConnectionIsHeldUpToo() throws IOException {
        proxy.blackHole();
        try (Socket newcomer = dial()) {
            org.awaitility.Awaitility.await("the new connection is held up").until(() -> proxy.held() == 1);
            proxy.heal();
            send(newcomer, "x");
            accept(server).close();
        }
    }

    @Test
    void tellsWhetherAnyFaultHolds() {
        List<Consumer<FaultProxy>> faults = List.of(
                p -> p.latency(Duration.ofMillis(1)),
                p -> p.bandwidth(1_000),
                FaultProxy::blackHole,
                p -> p.stallAfter(Direction.TO_SERVER, 1),
                p -> p.cutAfter(Direction.TO_CLIENT, 1),
                FaultProxy::refuse);
        assertThat(proxy.isHealed()).isTrue();
        faults.forEach(fault -> {
            fault.accept(proxy);
            assertThat(proxy.isHealed()).isFalse();
            proxy.heal();
            assertThat(proxy.isHealed()).isTrue();
        });
    }

    @Test
    void aBlackHoleHoldsEverythingUntilItIsHealed() throws IOException {
        proxy.blackHole();
        send(client, "held");
        try (Socket newcomer = dial()) {
            send(newcomer, "too");
            assertSilent(accepted);
            proxy.heal();
            assertThat(receive(accepted, 4)).isEqualTo("held");
            try (Socket second = accept(server)) {
                assertThat(receive(second, 3)).isEqualTo("too");
            }
        }
    }

    @Test
    void aBlackHoleMayBeInOneDirection() throws IOException {
        proxy.blackHole(Direction.TO_CLIENT);
        send(client, "there");
        assertThat(receive(accepted, 5)).isEqualTo("there");
        send(accepted, "back");
        assertSilent(client);
        proxy.heal();
        assertThat(receive(client, 4)).isEqualTo("back");
    }

    @Test
    void aLostRouteSilencesTheConnectionsThereAre() throws IOException {
        send(client, "before");
        assertThat(receive(accepted, 6)).isEqualTo("before");
        proxy.silence();
        send(client, "held");
        assertSilent(accepted);
        try (Socket newcomer = dial()) {
            send(newcomer, "new");
            try (Socket second = accept(server)) {
                assertThat(receive(second, 3)).isEqualTo("new");
            }
        }
        proxy.heal();
        assertThat(receive(accepted, 4)).isEqualTo("held");
    }

    @Test
    void stallsAfterSoManyBytes() throws IOException {
        proxy.stallAfter(Direction.TO_CLIENT, 3);
        send(accepted, "abcdef");
        assertThat(receive(client, 3)).isEqualTo("abc");
        assertSilent(client);
        proxy.heal();
        assertThat(receive(client, 3)).isEqualTo("def");
    }

    @Test
    void cutsAfterSoManyBytesAlsoNewConnections() throws IOException {
        proxy.cutAfter(Direction.TO_SERVER, 3);
        send(client, "abcdef");
        assertReset(client);
        awaitConnections(0);
        try (Socket newcomer = dial()) {
            send(newcomer, "ab");
            try (Socket second = accept(server)) {
                assertThat(receive(second, 2)).isEqualTo("ab");
                send(newcomer, "c");
                assertReset(newcomer);
            }
        }
        assertThat(proxy.broken()).isEqualTo(2);
    }

    @Test
    void resetsBothSides() throws IOException {
        proxy.reset();
        assertReset(client);
        assertReset(accepted);
        awaitConnections(0);
    }

    @Test
    void closesOneDirectionAndLeavesTheOther() throws IOException {
        proxy.halfClose(Direction.TO_SERVER);
        assertThat(accepted.getInputStream().read()).isEqualTo(-1);
        send(client, "dropped");
        send(accepted, "back");
        assertThat(receive(client, 4)).isEqualTo("back");
    }

    @Test
    void refusesNewConnectionsAndKeepsTheOthers() throws IOException {
        proxy.refuse();
        try (Socket newcomer = dial()) {
            assertReset(newcomer);
        }
        send(client, "there");
        assertThat(receive(accepted, 5)).isEqualTo("there");
        proxy.heal();
        try (Socket newcomer = dial()) {
            send(newcomer, "x");
            accept(server).close();
        }
    }

    @Test
    void sendsNewConnectionsToAnotherServer() throws IOException {
        try (ServerSocket other = listen()) {
            proxy.retarget(other.getLocalPort());
            try (Socket newcomer = dial();
                    Socket second = accept(other)) {
                send(newcomer, "x");
                assertThat(receive(second, 1)).isEqualTo("x");
            }
        }
        send(client, "y");
        assertThat(receive(accepted, 1)).isEqualTo("y");
    }

    @Test
    void aServerThatIsNotThereResetsTheClient() throws IOException {
        server.close();
        try (Socket newcomer = dial()) {
            assertReset(newcomer);
        }
    }

    @Test
    void refusesAPortThatIsTaken() {
        assertThatThrownBy(() -> FaultProxy.start(proxy.port(), 1)).isInstanceOf(LocalStackException.class);
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private Socket dial() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(PATIENCE_MS);
        return socket;
    }

    private static Socket accept(ServerSocket from) throws IOException {
        from.setSoTimeout(PATIENCE_MS);
        Socket socket = from.accept();
        socket.setSoTimeout(PATIENCE_MS);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String receive(Socket socket, int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.US_ASCII);
    }

    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(SILENCE_MS);
        InputStream in = socket.getInputStream();
        assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(PATIENCE_MS);
    }

    private static void assertReset(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        assertThatThrownBy(() -> {
                    while (in.read() >= 0) {
                        // What came through before.
                    }
                })
                .isInstanceOf(SocketException.class);
    }

    private void awaitConnections(int number) {
        org.awaitility.Awaitility.await("connections").until(() -> proxy.connections() == number);
    }
}
