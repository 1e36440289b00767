package dev.doorbell.system.faults;

import java.time.Duration;
import java.util.List;

/** kill -9 and SIGSTOP of a service instance. */
final class ServiceFault implements Fault {
    enum Action {
        KILL,
        FREEZE
    }

    private static final long RESTART_DELAY_MS_MAX = 3_000;

    private final Action action;
    private final String service;
    private final Duration lasts;
    private Member member;
    private boolean hit;

    ServiceFault(Action action, String service, Duration lasts) {
        this.action = action;
        this.service = service;
        this.lasts = lasts;
    }

    /** What is killed is started again at once or soon, as by an operator's restart policy. */
    static ServiceFault draw(Draw draw) {
        Action action = draw.pick(List.of(Action.values()));
        Duration lasts = action == Action.FREEZE
                ? draw.hold()
                : draw.pick(List.of(Duration.ZERO, draw.millis(0, RESTART_DELAY_MS_MAX)));
        return new ServiceFault(action, draw.service(), lasts);
    }

    @Override
    public String kind() {
        return action == Action.KILL ? "kill" : "freeze";
    }

    @Override
    public String target() {
        return service;
    }

    @Override
    public String details() {
        return action == Action.KILL ? "SIGKILL, then a restart" : "SIGSTOP, then SIGCONT";
    }

    @Override
    public Duration lasts() {
        return lasts;
    }

    @Override
    public void begin(World world) {
        member = world.member(service);
        if (action == Action.KILL) {
            hit = member.kill();
        } else {
            hit = member.freeze();
        }
    }

    @Override
    public void end(World world) {
        if (member != null) {
            member.release();
        }
    }

    @Override
    public boolean hit() {
        return hit;
    }
}
