package dev.doorbell.customer.messaging;

import dev.doorbell.customer.domain.PaymentOutcome;
import dev.doorbell.customer.usecase.DecideRegistration;
import dev.doorbell.messages.EventTypes;
import dev.doorbell.messages.MessageJson;
import dev.doorbell.messages.PaymentAuthorized;
import dev.doorbell.messages.PaymentNotAuthorized;
import dev.doorbell.outbox.Event;
import dev.doorbell.outbox.EventHandler;
import dev.doorbell.outbox.PoisonEventException;
import java.util.Map;

/** What the customer service does on the payment service's events. */
public final class PaymentReplies {
    private final DecideRegistration decide;

    public PaymentReplies(DecideRegistration decide) {
        this.decide = decide;
    }

    public Map<String, EventHandler> handlers() {
        return Map.of(
                EventTypes.PAYMENT_AUTHORIZED,
                (connection, event) -> {
                    PaymentAuthorized reply = payload(event, PaymentAuthorized.class);
                    return decide.onPayment(
                            connection,
                            reply.customerId(),
                            reply.paymentId(),
                            PaymentOutcome.AUTHORIZED,
                            null,
                            event.traceparent());
                },
                EventTypes.PAYMENT_NOT_AUTHORIZED,
                (connection, event) -> {
                    PaymentNotAuthorized reply = payload(event, PaymentNotAuthorized.class);
                    return decide.onPayment(
                            connection,
                            reply.customerId(),
                            reply.paymentId(),
                            PaymentOutcome.REFUSED,
                            reply.reason(),
                            event.traceparent());
                });
    }

    private static <T extends Record> T payload(Event event, Class<T> type) {
        try {
            return MessageJson.decode(event.payload().getBytes(), type);
        } catch (IllegalArgumentException e) {
            throw new PoisonEventException(e.getMessage());
        }
    }
}
