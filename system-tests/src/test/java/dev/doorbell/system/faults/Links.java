package dev.doorbell.system.faults;

import dev.doorbell.localstack.FaultProxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * The proxies of a world, one for each link of an instance. A fault takes a link before it does something to it: two
 * faults that name the leader and the standby mean the same relay once one has followed the other, and the end of the
 * first would heal the second.
 */
final class Links implements AutoCloseable {
    private record Taken(FaultProxy proxy, Semaphore turn) {}

    private final Map<String, Taken> links = new LinkedHashMap<>();

    /** Before anybody takes one. @param link of an instance, not of a role */
    void add(Link link, FaultProxy proxy) {
        links.put(link.toString(), new Taken(proxy, new Semaphore(1)));
    }

    FaultProxy proxy(Link link) {
        return links.get(link.toString()).proxy();
    }

    /** Waits until no other fault has it. */
    FaultProxy take(Link link) {
        Taken taken = links.get(link.toString());
        taken.turn().acquireUninterruptibly();
        return taken.proxy();
    }

    /** Once for each {@link #take}; heals it. */
    void giveBack(Link link) {
        Taken taken = links.get(link.toString());
        taken.proxy().heal();
        taken.turn().release();
    }

    List<String> unhealed() {
        return links.entrySet().stream()
                .filter(link -> !link.getValue().proxy().isHealed())
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public void close() {
        links.values().forEach(link -> link.proxy().close());
    }
}
