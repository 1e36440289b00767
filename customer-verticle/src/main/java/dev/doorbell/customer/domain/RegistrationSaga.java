package dev.doorbell.customer.domain;

import static dev.doorbell.messages.EventTypes.CUSTOMER_NOT_REGISTERED;
import static dev.doorbell.messages.EventTypes.CUSTOMER_PENDING_REGISTRATION;
import static dev.doorbell.messages.EventTypes.CUSTOMER_REGISTERED;
import static dev.doorbell.messages.EventTypes.CUSTOMER_REGISTRATION_DEAD_LOCK;
import static dev.doorbell.messages.EventTypes.PAYMENT_AUTHORIZED;
import static dev.doorbell.messages.EventTypes.PAYMENT_NOT_AUTHORIZED;
import static dev.doorbell.messages.EventTypes.PAYMENT_REVERSED;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The registration saga from top to bottom: a choreography in which every step is a local transaction that a service
 * makes on an event, and answers with one. The steps before the pivot can be compensated; from the pivot on the
 * outcome stands, and what follows is repeated until it succeeds.
 *
 * <p>The identity steps are a durable row that workers carry to the identity provider, outside of every transaction; the
 * step "remove identity" is begun by the transaction that rejects. {@code IDENTITY_PROVIDER=none} counts as a positive
 * reply, and an approved registration then succeeds at once.
 */
public final class RegistrationSaga {
    public enum Participant {
        CUSTOMER,
        PAYMENT,
        /** The customer service too, where there is an identity provider; without one nobody. */
        IDENTITY
    }

    public enum Kind {
        /** Can be undone by its compensation. */
        COMPENSABLE,
        /** Decides: before it the saga can go back, after it only forward. */
        PIVOT,
        /** Comes after the pivot and is repeated until it succeeds. */
        RETRIABLE,
        /** Undoes a compensable step, in whichever order the events come. */
        COMPENSATION
    }

    /**
     * @param triggers the event types that start it; none for the request and the clock
     * @param events what it may append to the outbox
     * @param compensation the step that undoes it, null unless the step is compensable
     */
    public record Step(
            String name,
            Participant participant,
            Kind kind,
            Set<String> triggers,
            Set<String> events,
            String compensation) {}

    public static final List<Step> STEPS = List.of(
            new Step(
                    "create customer",
                    Participant.CUSTOMER,
                    Kind.COMPENSABLE,
                    Set.of(),
                    Set.of(CUSTOMER_PENDING_REGISTRATION),
                    "reject registration"),
            new Step(
                    "authorize fee",
                    Participant.PAYMENT,
                    Kind.COMPENSABLE,
                    Set.of(CUSTOMER_PENDING_REGISTRATION),
                    Set.of(PAYMENT_AUTHORIZED, PAYMENT_NOT_AUTHORIZED),
                    "reverse payment"),
            new Step(
                    "provision identity",
                    Participant.IDENTITY,
                    Kind.COMPENSABLE,
                    Set.of(CUSTOMER_PENDING_REGISTRATION),
                    Set.of(),
                    "remove identity"),
            new Step(
                    "decide registration",
                    Participant.CUSTOMER,
                    Kind.PIVOT,
                    Set.of(PAYMENT_AUTHORIZED, PAYMENT_NOT_AUTHORIZED),
                    Set.of(),
                    null),
            new Step(
                    "approve registration",
                    Participant.CUSTOMER,
                    Kind.RETRIABLE,
                    Set.of(),
                    Set.of(CUSTOMER_REGISTERED),
                    null),
            new Step(
                    "reject registration",
                    Participant.CUSTOMER,
                    Kind.COMPENSATION,
                    Set.of(),
                    Set.of(CUSTOMER_NOT_REGISTERED, CUSTOMER_REGISTRATION_DEAD_LOCK),
                    null),
            new Step(
                    "reverse payment",
                    Participant.PAYMENT,
                    Kind.COMPENSATION,
                    Set.of(CUSTOMER_NOT_REGISTERED, CUSTOMER_REGISTRATION_DEAD_LOCK),
                    Set.of(PAYMENT_REVERSED),
                    null),
            new Step("remove identity", Participant.IDENTITY, Kind.COMPENSATION, Set.of(), Set.of(), null));

    private RegistrationSaga() {}

    /** The event types on which {@code participant} acts. */
    public static Set<String> triggersOf(Participant participant) {
        return STEPS.stream()
                .filter(step -> step.participant() == participant)
                .flatMap(step -> step.triggers().stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
