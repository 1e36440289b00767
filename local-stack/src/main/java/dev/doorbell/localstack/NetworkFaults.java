package dev.doorbell.localstack;

import dev.doorbell.localstack.FaultProxy.Direction;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** What a {@link FaultProxy} does to all of its connections now. Every change wakes those who wait for one. */
final class NetworkFaults {
    static final long UNLIMITED = Long.MAX_VALUE;
    private static final long NANOS_PER_MS = 1_000_000;

    private final Set<Direction> blocked = EnumSet.noneOf(Direction.class);
    private final Map<Direction, Long> stallAfter = new EnumMap<>(Direction.class);
    private final Map<Direction, Long> cutAfter = new EnumMap<>(Direction.class);
    private long latencyNanos;
    private long bytesPerSecond = UNLIMITED;
    private boolean refusing;
    private long held;

    synchronized void latency(Duration delay) {
        latencyNanos = delay.toNanos();
        notifyAll();
    }

    synchronized void bandwidth(int newBytesPerSecond) {
        if (newBytesPerSecond < 1) {
            throw new IllegalArgumentException("bytesPerSecond must be at least 1, not " + newBytesPerSecond);
        }
        bytesPerSecond = newBytesPerSecond;
        notifyAll();
    }

    synchronized void block(Direction direction) {
        blocked.add(direction);
    }

    synchronized void stallAfter(Direction direction, long bytes) {
        stallAfter.put(direction, bytes);
    }

    synchronized void cutAfter(Direction direction, long bytes) {
        cutAfter.put(direction, bytes);
    }

    synchronized void refuse() {
        refusing = true;
    }

    synchronized boolean refuses() {
        return refusing;
    }

    synchronized boolean none() {
        return blocked.isEmpty()
                && stallAfter.isEmpty()
                && cutAfter.isEmpty()
                && latencyNanos == 0
                && bytesPerSecond == UNLIMITED
                && !refusing;
    }

    /** How often something that was to pass had to wait. */
    synchronized long held() {
        return held;
    }

    synchronized void heal() {
        blocked.clear();
        stallAfter.clear();
        cutAfter.clear();
        latencyNanos = 0;
        bytesPerSecond = UNLIMITED;
        refusing = false;
        notifyAll();
    }

    /** What a new connection may carry in this direction before it falls silent. */
    synchronized long stallAfter(Direction direction) {
        return stallAfter.getOrDefault(direction, UNLIMITED);
    }

    synchronized long cutAfter(Direction direction) {
        return cutAfter.getOrDefault(direction, UNLIMITED);
    }

    /** How many of these bytes to send at once, so that a throttled connection does not come in bursts of seconds. */
    synchronized int pieceBytes(int bytes) {
        return (int) Math.max(1, Math.min(bytes, bytesPerSecond / 20));
    }

    synchronized void awaitOpen(Direction direction) throws InterruptedException {
        awaitChange(() -> !blocked.contains(direction));
    }

    /** Waits out the latency; ends early when it is lifted. */
    synchronized void awaitLatency() throws InterruptedException {
        awaitNanos(() -> latencyNanos);
    }

    /** Waits as long as so many bytes take. */
    synchronized void awaitBandwidth(int bytes) throws InterruptedException {
        awaitNanos(() -> bytesPerSecond == UNLIMITED ? 0 : bytes * 1_000_000_000L / bytesPerSecond);
    }

    private interface Nanos {
        long now();
    }

    private void awaitNanos(Nanos nanos) throws InterruptedException {
        long since = System.nanoTime();
        if (nanos.now() > 0) {
            held++;
        }
        for (long left = nanos.now(); left > 0; left = nanos.now() - (System.nanoTime() - since)) {
            wait(left / NANOS_PER_MS, (int) (left % NANOS_PER_MS));
        }
    }

    /** Waits until nothing is in the way of what is to pass; the condition may be one of a single connection. */
    synchronized void awaitChange(java.util.function.BooleanSupplier condition) throws InterruptedException {
        if (!condition.getAsBoolean()) {
            held++;
        }
        while (!condition.getAsBoolean()) {
            wait();
        }
    }

    synchronized void changed(Runnable change) {
        change.run();
        notifyAll();
    }
}
