package dev.doorbell.benchmarks;

import dev.doorbell.benchmarks.measure.BenchmarkException;

/** The lab is closed once, by whoever comes first: the end of the program or a signal. */
final class Closing implements AutoCloseable {
    private AutoCloseable resource;
    private volatile boolean closed;

    boolean isClosed() {
        return closed;
    }

    /** @throws BenchmarkException after closing {@code opened} when the end has begun meanwhile */
    synchronized <T extends AutoCloseable> T closeAtEnd(T opened) {
        resource = opened;
        if (closed) {
            closeResource();
            throw new BenchmarkException("stopped while starting");
        }
        return opened;
    }

    /** Returns when all is closed, also when another thread has begun with it. */
    @Override
    public synchronized void close() {
        closed = true;
        closeResource();
    }

    private void closeResource() {
        if (resource != null) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new BenchmarkException("could not stop in order", e);
            } finally {
                resource = null;
            }
        }
    }
}
