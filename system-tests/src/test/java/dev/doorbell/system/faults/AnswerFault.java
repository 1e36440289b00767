package dev.doorbell.system.faults;

import dev.doorbell.system.faults.KeycloakFront.Operation;
import dev.doorbell.system.faults.KeycloakFront.Treatment;
import dev.doorbell.system.harness.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.awaitility.core.ConditionTimeoutException;

/** Keycloak does what it is asked for and answers 500, or nothing; or it is asked when nobody waits any more. */
final class AnswerFault implements Fault {
    /** What a user is made, enabled or removed for. */
    static final Set<String> NEEDED_FOR_USERS =
            Set.of(World.POSTGRES, World.BROKER, World.LEADER, World.KEYCLOAK, "customer-1", "payment-1");

    /** Longer than any other fault may hold up what is to come by. */
    private static final Duration MEET_LIMIT = Duration.ofSeconds(40);

    private final Treatment treatment;
    private final Operation operation;
    private final Duration lasts;
    private boolean begun;
    private long metBefore;
    private long metInAll;

    AnswerFault(Treatment treatment, Operation operation, Duration lasts) {
        this.treatment = treatment;
        this.operation = operation;
        this.lasts = lasts;
    }

    /** Only a create makes something that nobody knows of when it comes late. */
    static AnswerFault draw(Draw draw) {
        Treatment treatment = draw.pick(List.of(Treatment.values()));
        Operation operation = treatment == Treatment.LATE ? Operation.CREATE : draw.pick(List.of(Operation.values()));
        return new AnswerFault(treatment, operation, draw.hold());
    }

    @Override
    public String kind() {
        return "keycloak-" + (treatment.name() + "-" + operation.name()).toLowerCase(Locale.ROOT);
    }

    @Override
    public String target() {
        return World.KEYCLOAK + "/" + operation.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Set<String> needs() {
        return NEEDED_FOR_USERS;
    }

    @Override
    public Duration lasts() {
        return lasts;
    }

    /** Lasts from the first request that it met. */
    @Override
    public void begin(World world) {
        KeycloakFront front = world.keycloak().orElseThrow().front();
        metBefore = front.met(operation);
        front.treat(operation, treatment);
        begun = true;
        try {
            Waiting.until(kind() + " meets a request").atMost(MEET_LIMIT).until(() -> front.met(operation) > metBefore);
        } catch (ConditionTimeoutException nobodyCameBy) {
            // It lasts as long as it would have.
        }
    }

    @Override
    public void end(World world) {
        if (begun) {
            KeycloakFront front = world.keycloak().orElseThrow().front();
            front.heal(operation);
            metInAll = front.met(operation) - metBefore;
            world.keycloak().orElseThrow().returned();
        }
    }

    @Override
    public boolean hit() {
        return metInAll > 0;
    }
}
