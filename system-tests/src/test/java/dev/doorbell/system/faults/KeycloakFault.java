package dev.doorbell.system.faults;

import dev.doorbell.system.faults.KeycloakFront.Operation;
import dev.doorbell.system.faults.KeycloakFront.Treatment;
import dev.doorbell.system.harness.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.awaitility.core.ConditionTimeoutException;

/** Keycloak killed at any time or just after it has made a user, or frozen; its end is the server's return. */
final class KeycloakFault implements Fault {
    enum Action {
        KILL,
        KILL_AFTER_CREATE,
        FREEZE
    }

    /** Longer than any other fault may hold up what is to come by. */
    private static final Duration CREATE_LIMIT = Duration.ofSeconds(40);

    private final Action action;
    private final Duration lasts;
    private boolean hit;

    KeycloakFault(Action action, Duration lasts) {
        this.action = action;
        this.lasts = lasts;
    }

    static KeycloakFault draw(Draw draw) {
        return new KeycloakFault(draw.pick(List.of(Action.values())), draw.hold());
    }

    @Override
    public String kind() {
        return "keycloak-" + action.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String target() {
        return World.KEYCLOAK;
    }

    /** No user is made without a registration. */
    @Override
    public Set<String> needs() {
        return action == Action.KILL_AFTER_CREATE ? AnswerFault.NEEDED_FOR_USERS : Set.of();
    }

    @Override
    public Duration lasts() {
        return lasts;
    }

    @Override
    public void begin(World world) {
        Keycloak keycloak = world.keycloak().orElseThrow();
        hit = switch (action) {
            case KILL -> keycloak.kill();
            case KILL_AFTER_CREATE -> killAfterCreate(keycloak);
            case FREEZE -> keycloak.freeze();
        };
    }

    /** Whoever asked for the user gets no answer, and then nobody gets one. */
    private static boolean killAfterCreate(Keycloak keycloak) {
        KeycloakFront front = keycloak.front();
        long before = front.met(Operation.CREATE);
        front.treat(Operation.CREATE, Treatment.CUT);
        try {
            Waiting.until("Keycloak makes a user")
                    .atMost(CREATE_LIMIT)
                    .until(() -> front.met(Operation.CREATE) > before);
            return keycloak.kill();
        } catch (ConditionTimeoutException nobodyCameBy) {
            return false;
        } finally {
            front.heal(Operation.CREATE);
        }
    }

    @Override
    public void end(World world) {
        world.keycloak().orElseThrow().heal();
    }

    @Override
    public boolean hit() {
        return hit;
    }
}
