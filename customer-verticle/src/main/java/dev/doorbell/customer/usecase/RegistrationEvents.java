package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.NewCustomer;
import dev.doorbell.customer.domain.Registration;
import dev.doorbell.messages.Card;
import dev.doorbell.messages.CustomerNotRegistered;
import dev.doorbell.messages.CustomerPendingRegistration;
import dev.doorbell.messages.CustomerRegistered;
import dev.doorbell.messages.CustomerRegistrationDeadLock;
import dev.doorbell.messages.EventTypes;
import dev.doorbell.messages.MessageJson;
import dev.doorbell.messages.Topics;
import dev.doorbell.outbox.OutboxEvent;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;

/** The events of a registration, made from what happened to it. */
final class RegistrationEvents {
    private RegistrationEvents() {}

    /** The card goes along masked, with what the test processor decides by; its number and CVV stay behind. */
    static OutboxEvent pending(UUID id, NewCustomer customer) {
        Card card = new Card(
                customer.cardNumber().brand(),
                customer.cardNumber().masked(),
                customer.cardHolderName(),
                customer.cardValidThru(),
                customer.balance());
        return event(
                id,
                EventTypes.CUSTOMER_PENDING_REGISTRATION,
                new CustomerPendingRegistration(id, customer.firstName(), customer.lastName(), card),
                customer.traceparent());
    }

    /** What the transition table says that this decision appends, in its order. */
    static List<OutboxEvent> of(Registration registration, Registration.Decision decision, String traceparent) {
        return decision.transition().events().stream()
                .map(type -> event(registration.id(), type, payload(type, registration, decision), traceparent))
                .toList();
    }

    private static Record payload(String type, Registration registration, Registration.Decision decision) {
        return switch (type) {
            case EventTypes.CUSTOMER_REGISTERED -> new CustomerRegistered(registration.id(), registration.username());
            case EventTypes.CUSTOMER_NOT_REGISTERED -> new CustomerNotRegistered(registration.id(), decision.reason());
            case EventTypes.CUSTOMER_REGISTRATION_DEAD_LOCK -> new CustomerRegistrationDeadLock(registration.id());
            default -> throw new IllegalStateException("No payload for " + type);
        };
    }

    private static OutboxEvent event(UUID id, String type, Record payload, String traceparent) {
        return OutboxEvent.json(
                        Topics.CUSTOMER_AGGREGATE, id.toString(), type, Buffer.buffer(MessageJson.encode(payload)))
                .withDataSchema(EventTypes.dataSchema(type))
                .withTraceparent(traceparent);
    }
}
