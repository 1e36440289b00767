package dev.doorbell.system.faults;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** PostgreSQL or the broker killed, stopped in order or frozen; its end is the server's return. */
final class ServerFault implements Fault {
    enum Action {
        POSTGRES_KILL(World.POSTGRES),
        POSTGRES_STOP(World.POSTGRES),
        BROKER_KILL(World.BROKER),
        BROKER_STOP(World.BROKER),
        BROKER_FREEZE(World.BROKER);

        private final String server;

        Action(String server) {
            this.server = server;
        }
    }

    private final Action action;
    private final Duration lasts;
    private boolean hit;

    ServerFault(Action action, Duration lasts) {
        this.action = action;
        this.lasts = lasts;
    }

    static ServerFault draw(Draw draw) {
        return new ServerFault(draw.pick(List.of(Action.values())), draw.hold());
    }

    @Override
    public String kind() {
        return action.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String target() {
        return action.server;
    }

    @Override
    public Duration lasts() {
        return lasts;
    }

    @Override
    public void begin(World world) {
        Servers servers = world.servers();
        hit = switch (action) {
            case POSTGRES_KILL -> servers.killPostgres();
            case POSTGRES_STOP -> servers.stopPostgres();
            case BROKER_KILL -> servers.killBroker();
            case BROKER_STOP -> servers.stopBroker();
            case BROKER_FREEZE -> servers.freezeBroker();
        };
    }

    @Override
    public void end(World world) {
        if (action.server.equals(World.POSTGRES)) {
            world.servers().healPostgres();
        } else {
            world.servers().healBroker();
        }
    }

    @Override
    public boolean hit() {
        return hit;
    }
}
