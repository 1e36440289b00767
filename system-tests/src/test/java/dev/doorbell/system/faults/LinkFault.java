package dev.doorbell.system.faults;

import dev.doorbell.localstack.FaultProxy;
import dev.doorbell.localstack.FaultProxy.Direction;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a network does to the connections of one link. */
final class LinkFault implements Fault {
    enum Action {
        LATENCY,
        BANDWIDTH,
        BLACK_HOLE,
        ONE_WAY_BLACK_HOLE,
        STALL_AFTER,
        CUT_AFTER,
        RESET,
        HALF_CLOSE,
        REFUSE
    }

    private static final long LATENCY_MS_MAX = 800;
    private static final long BYTES_PER_SECOND_MIN = 500;
    private static final long BYTES_PER_SECOND_MAX = 20_000;
    private static final long BYTES_MAX = 20_000;

    private final Action action;
    private final Link link;
    private final Direction direction;
    private final long amount;
    private final Duration lasts;
    private FaultProxy proxy;
    private long brokenBefore;
    private boolean met;

    /** @param amount milliseconds, bytes a second or bytes, by the action; 0 where there is none */
    LinkFault(Action action, Link link, Direction direction, long amount, Duration lasts) {
        this.action = action;
        this.link = link;
        this.direction = direction;
        this.amount = amount;
        this.lasts = lasts;
    }

    static LinkFault draw(Draw draw) {
        Action action = draw.pick(List.of(Action.values()));
        long amount = switch (action) {
            case LATENCY -> draw.number(20, LATENCY_MS_MAX);
            case BANDWIDTH -> draw.number(BYTES_PER_SECOND_MIN, BYTES_PER_SECOND_MAX);
            case STALL_AFTER, CUT_AFTER -> draw.number(0, BYTES_MAX);
            default -> 0;
        };
        return new LinkFault(action, draw.link(), draw.pick(List.of(Direction.values())), amount, draw.hold());
    }

    @Override
    public String kind() {
        return action.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String target() {
        return link.toString();
    }

    @Override
    public Set<String> needs() {
        return Set.of(link.service(), link.peerName());
    }

    @Override
    public String details() {
        return switch (action) {
            case LATENCY -> amount + " ms";
            case BANDWIDTH -> amount + " bytes/s";
            case STALL_AFTER, CUT_AFTER -> amount + " bytes " + direction;
            case ONE_WAY_BLACK_HOLE, HALF_CLOSE -> direction.toString();
            default -> "";
        };
    }

    @Override
    public Duration lasts() {
        return lasts;
    }

    @Override
    public void begin(World world) {
        proxy = world.proxy(link);
        brokenBefore = proxy.broken();
        met = proxy.connections() > 0;
        switch (action) {
            case LATENCY -> proxy.latency(Duration.ofMillis(amount));
            case BANDWIDTH -> proxy.bandwidth((int) amount);
            case BLACK_HOLE -> proxy.blackHole();
            case ONE_WAY_BLACK_HOLE -> proxy.blackHole(direction);
            case STALL_AFTER -> proxy.stallAfter(direction, amount);
            case CUT_AFTER -> proxy.cutAfter(direction, amount);
            case RESET -> proxy.reset();
            case HALF_CLOSE -> proxy.halfClose(direction);
            // Present connections would not notice: with them reset, everybody has to knock again.
            case REFUSE -> {
                proxy.refuse();
                proxy.reset();
            }
        }
    }

    @Override
    public void end(World world) {
        if (proxy != null) {
            met |= proxy.connections() > 0 && !breaks();
            brokenBefore = proxy.broken() - brokenBefore;
            proxy.heal();
        }
    }

    /** Those that break connections are counted by the proxy; the others have hit when there was a connection. */
    @Override
    public boolean hit() {
        return proxy != null && (breaks() ? brokenBefore > 0 : met);
    }

    private boolean breaks() {
        return action == Action.CUT_AFTER
                || action == Action.RESET
                || action == Action.HALF_CLOSE
                || action == Action.REFUSE;
    }
}
