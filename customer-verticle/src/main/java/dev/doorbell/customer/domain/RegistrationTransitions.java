package dev.doorbell.customer.domain;

import static dev.doorbell.customer.domain.RegistrationStatus.REGISTRATION_FAILED;
import static dev.doorbell.customer.domain.RegistrationStatus.REGISTRATION_PENDING;
import static dev.doorbell.customer.domain.RegistrationStatus.REGISTRATION_SUCCESS;

import dev.doorbell.messages.EventTypes;
import java.util.List;

/**
 * Every transition of a registration there is. What the table does not hold cannot happen: a terminal status has no
 * way out, whatever comes late. docs/registration-states.md draws it, and a test compares the two.
 */
public final class RegistrationTransitions {
    /** @param events what the transition appends to the outbox, in this order */
    public record Transition(RegistrationStatus from, Trigger trigger, RegistrationStatus to, List<String> events) {}

    public static final List<Transition> TABLE = List.of(
            new Transition(
                    REGISTRATION_PENDING,
                    Trigger.ALL_POSITIVE,
                    REGISTRATION_SUCCESS,
                    List.of(EventTypes.CUSTOMER_REGISTERED)),
            new Transition(
                    REGISTRATION_PENDING,
                    Trigger.PAYMENT_REFUSED,
                    REGISTRATION_FAILED,
                    List.of(EventTypes.CUSTOMER_NOT_REGISTERED)),
            new Transition(
                    REGISTRATION_PENDING,
                    Trigger.IDENTITY_REFUSED,
                    REGISTRATION_FAILED,
                    List.of(EventTypes.CUSTOMER_NOT_REGISTERED)),
            new Transition(
                    REGISTRATION_PENDING,
                    Trigger.DEADLINE_PASSED,
                    REGISTRATION_FAILED,
                    List.of(EventTypes.CUSTOMER_NOT_REGISTERED, EventTypes.CUSTOMER_REGISTRATION_DEAD_LOCK)));

    private RegistrationTransitions() {}

    /** @throws IllegalStateException for a transition that does not exist */
    public static Transition of(RegistrationStatus from, Trigger trigger) {
        return TABLE.stream()
                .filter(transition -> transition.from() == from && transition.trigger() == trigger)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(trigger + " cannot happen to " + from));
    }
}
