package dev.doorbell.quickstart;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What is to be closed at the end, the last opened first, whether the program ends by itself or by Ctrl-C or SIGTERM: the
 * services must have stopped before the servers that they are connected to.
 */
final class Shutdown implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private boolean closed;

    /** Closes at a signal too. */
    static Shutdown withSignals() {
        Shutdown shutdown = new Shutdown();
        Runtime.getRuntime().addShutdownHook(new Thread(shutdown::close, "quickstart-stop"));
        return shutdown;
    }

    /** @throws ServicesException after closing {@code resource} when the end has begun meanwhile */
    synchronized <T extends AutoCloseable> T closeAtEnd(T resource) {
        open.push(resource);
        if (closed) {
            close();
            throw new ServicesException("stopped while starting", null);
        }
        return resource;
    }

    /** Returns when all is closed, also when another thread has begun with it. */
    @Override
    public synchronized void close() {
        closed = true;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                System.err.println("quickstart: could not stop in order: " + e.getMessage());
            }
        }
    }
}
