package dev.doorbell.localstack;

import dev.doorbell.localstack.FaultProxy.Direction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** One connection through a {@link FaultProxy}: a thread for each direction. */
final class ProxiedConnection {
    private static final int BUFFER_BYTES = 64 * 1024;

    interface Connector {
        Socket connect() throws IOException, InterruptedException;
    }

    private final Socket client;
    private final NetworkFaults faults;
    private final Consumer<ProxiedConnection> onCut;
    private final Consumer<ProxiedConnection> onEnd;
    // Guarded by the faults' monitor, on which the threads wait.
    private final Map<Direction, Long> untilStall = new EnumMap<>(Direction.class);
    private final Map<Direction, Long> untilCut = new EnumMap<>(Direction.class);
    private final Set<Direction> halfClosed = EnumSet.noneOf(Direction.class);
    private int openDirections = 2;
    private boolean ended;
    private volatile Socket server;
    private volatile boolean streamsTaken;

    ProxiedConnection(
            Socket client, NetworkFaults faults, Consumer<ProxiedConnection> onCut, Consumer<ProxiedConnection> onEnd) {
        this.client = client;
        this.faults = faults;
        this.onCut = onCut;
        this.onEnd = onEnd;
        for (Direction direction : Direction.values()) {
            untilStall.put(direction, faults.stallAfter(direction));
            untilCut.put(direction, faults.cutAfter(direction));
        }
    }

    void start(Connector connector) {
        FaultProxy.daemon(
                "fault-proxy-to-server",
                () -> run(() -> {
                    server = connector.connect();
                    client.setTcpNoDelay(true);
                    server.setTcpNoDelay(true);
                    // Taken before anybody can shut it down: after that it could not be had any more.
                    OutputStream toServer = server.getOutputStream();
                    OutputStream toClient = client.getOutputStream();
                    streamsTaken = true;
                    if (isEnded()) {
                        reset();
                        return;
                    }
                    // One that was half-closed before that.
                    closedHalves().forEach(this::shutDown);
                    FaultProxy.daemon(
                            "fault-proxy-to-client",
                            () -> run(() -> pump(server, client, toClient, Direction.TO_CLIENT)));
                    pump(client, server, toServer, Direction.TO_SERVER);
                }));
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void run(Work work) {
        try {
            work.run();
        } catch (IOException | InterruptedException e) {
            // One side broke off: so that the other learns of it.
            reset();
        }
    }

    private void pump(Socket from, Socket to, OutputStream out, Direction direction)
            throws IOException, InterruptedException {
        InputStream in = from.getInputStream();
        byte[] buffer = new byte[BUFFER_BYTES];
        while (true) {
            int read = in.read(buffer);
            if (read < 0) {
                break;
            }
            faults.awaitLatency();
            for (int sent = 0; sent < read; ) {
                faults.awaitOpen(direction);
                int piece = awaitAllowance(direction, faults.pieceBytes(read - sent));
                faults.awaitBandwidth(piece);
                if (!isHalfClosed(direction)) {
                    out.write(buffer, sent, piece);
                }
                sent += piece;
                if (isToBeCut(direction)) {
                    onCut.accept(this);
                    return;
                }
            }
        }
        faults.awaitOpen(direction);
        if (!isHalfClosed(direction)) {
            to.shutdownOutput();
        }
        directionEnded();
    }

    /** @return how many of these bytes may pass now, maybe none before a cut. Waits while the connection is stalled. */
    private int awaitAllowance(Direction direction, int wanted) throws IOException, InterruptedException {
        faults.awaitChange(() -> ended || untilStall.get(direction) > 0);
        if (isEnded()) {
            throw new IOException("reset meanwhile");
        }
        int[] allowed = {0};
        faults.changed(() -> {
            allowed[0] = (int) Math.min(wanted, Math.min(untilStall.get(direction), untilCut.get(direction)));
            take(untilStall, direction, allowed[0]);
            take(untilCut, direction, allowed[0]);
        });
        return allowed[0];
    }

    private boolean isToBeCut(Direction direction) {
        synchronized (faults) {
            return untilCut.get(direction) == 0;
        }
    }

    private static void take(Map<Direction, Long> budget, Direction direction, int bytes) {
        budget.computeIfPresent(
                direction, (key, left) -> left == NetworkFaults.UNLIMITED ? left : Long.valueOf(left - bytes));
    }

    void stallAfter(Direction direction, long bytes) {
        faults.changed(() -> untilStall.put(direction, bytes));
    }

    void cutAfter(Direction direction, long bytes) {
        faults.changed(() -> untilCut.put(direction, bytes));
    }

    void heal() {
        faults.changed(() -> {
            untilStall.replaceAll((direction, left) -> NetworkFaults.UNLIMITED);
            untilCut.replaceAll((direction, left) -> NetworkFaults.UNLIMITED);
        });
    }

    void halfClose(Direction direction) {
        faults.changed(() -> halfClosed.add(direction));
        shutDown(direction);
    }

    /** Nothing before both streams were taken: {@link #start} does it then. */
    private void shutDown(Direction direction) {
        Socket to = direction == Direction.TO_SERVER ? server : client;
        try {
            if (streamsTaken) {
                to.shutdownOutput();
            }
        } catch (IOException e) {
            // It is closed altogether.
        }
    }

    private Set<Direction> closedHalves() {
        synchronized (faults) {
            return EnumSet.copyOf(halfClosed);
        }
    }

    private boolean isHalfClosed(Direction direction) {
        synchronized (faults) {
            return halfClosed.contains(direction);
        }
    }

    private boolean isEnded() {
        synchronized (faults) {
            return ended;
        }
    }

    private void directionEnded() {
        boolean[] last = {false};
        faults.changed(() -> last[0] = --openDirections == 0);
        if (last[0]) {
            close(client);
            close(server);
            end();
        }
    }

    /** Ends with RST on both sides. */
    void reset() {
        reset(client);
        reset(server);
        end();
    }

    private void end() {
        faults.changed(() -> ended = true);
        onEnd.accept(this);
    }

    static void reset(Socket socket) {
        try {
            if (socket != null && !socket.isClosed()) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            // It is broken already.
        }
        close(socket);
    }

    private static void close(Socket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // It is of no use either way.
        }
    }
}
