package dev.doorbell.system.faults;

import dev.doorbell.localstack.FaultProxy;
import dev.doorbell.localstack.FaultProxy.Direction;
import dev.doorbell.system.harness.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionTimeoutException;

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
    private static final Duration STRIKE_LIMIT = Duration.ofSeconds(10);

    private final Action action;
    private final Link link;
    private final Direction direction;
    private final long amount;
    private final Duration lasts;
    private Links links;
    private Link place;
    private FaultProxy proxy;
    private long struckBefore;
    private long struckInAll = -1;

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

    /** On the way of a customer service to Keycloak. */
    static LinkFault drawToKeycloak(Draw draw) {
        LinkFault fault = draw(draw);
        return new LinkFault(fault.action, draw.linkToKeycloak(), fault.direction, fault.amount, fault.lasts);
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

    /** What passes so many bytes only now and then, or has nothing to say to Kafka, may not notice. */
    @Override
    public boolean mayMiss() {
        boolean counts = action == Action.STALL_AFTER || action == Action.CUT_AFTER;
        return counts || link.service().equals(World.STANDBY) && link.peer() == Link.Peer.KAFKA;
    }

    /** Lasts from when it has struck, as a failpoint does: a link without a byte for a moment would not notice. */
    @Override
    public void begin(World world) {
        place = world.place(link);
        links = world.links();
        proxy = links.take(place);
        struckBefore = struck();
        if (action == Action.RESET || action == Action.HALF_CLOSE || action == Action.REFUSE) {
            await(() -> proxy.connections() > 0);
        }
        strike();
        await(this::hit);
    }

    private void strike() {
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

    /** In vain where nothing comes by: {@link #hit} says so. */
    private void await(Callable<Boolean> condition) {
        try {
            Waiting.until(kind() + " on " + place).atMost(STRIKE_LIMIT).until(condition);
        } catch (ConditionTimeoutException nothingCameBy) {
            // It lasts as long as it would have.
        }
    }

    @Override
    public void end(World world) {
        if (proxy != null) {
            struckInAll = struck() - struckBefore;
            links.giveBack(place);
            if (link.peer() == Link.Peer.KEYCLOAK) {
                world.keycloak().orElseThrow().returned();
            }
        }
    }

    @Override
    public boolean hit() {
        return proxy != null && (struckInAll >= 0 ? struckInAll : struck() - struckBefore) > 0;
    }

    /** What the proxy counts of it: connections that were broken, or what was held up. */
    private long struck() {
        return switch (action) {
            case CUT_AFTER, RESET, HALF_CLOSE, REFUSE -> proxy.broken();
            case LATENCY, BANDWIDTH, BLACK_HOLE, ONE_WAY_BLACK_HOLE, STALL_AFTER -> proxy.held();
        };
    }
}
