package dev.doorbell.payment.usecase;

import dev.doorbell.messages.EventTypes;
import dev.doorbell.messages.MessageJson;
import dev.doorbell.messages.PaymentAuthorized;
import dev.doorbell.messages.PaymentNotAuthorized;
import dev.doorbell.messages.PaymentReversed;
import dev.doorbell.messages.Topics;
import dev.doorbell.outbox.OutboxEvent;
import dev.doorbell.payment.domain.Payment;
import io.vertx.core.buffer.Buffer;

/** The event that tells of a payment's present status. */
final class PaymentEvents {
    private PaymentEvents() {}

    /** @param traceparent of the event that caused the change, or null */
    static OutboxEvent of(Payment payment, String traceparent) {
        return switch (payment.status()) {
            case AUTHORIZED -> event(payment, EventTypes.PAYMENT_AUTHORIZED, authorized(payment), traceparent);
            case REFUSED -> event(payment, EventTypes.PAYMENT_NOT_AUTHORIZED, notAuthorized(payment), traceparent);
            case REVERSED -> event(payment, EventTypes.PAYMENT_REVERSED, reversed(payment), traceparent);
        };
    }

    private static PaymentAuthorized authorized(Payment payment) {
        return new PaymentAuthorized(
                payment.id(), payment.customerId(), payment.fee().amount(), currency(payment));
    }

    private static PaymentNotAuthorized notAuthorized(Payment payment) {
        return new PaymentNotAuthorized(payment.id(), payment.customerId(), payment.reason());
    }

    private static PaymentReversed reversed(Payment payment) {
        return new PaymentReversed(
                payment.id(), payment.customerId(), payment.fee().amount(), currency(payment));
    }

    private static String currency(Payment payment) {
        return payment.fee().currency().getCurrencyCode();
    }

    private static OutboxEvent event(Payment payment, String type, Record message, String traceparent) {
        Buffer payload = Buffer.buffer(MessageJson.encode(message));
        return OutboxEvent.json(Topics.PAYMENT_AGGREGATE, payment.id().toString(), type, payload)
                .withDataSchema(EventTypes.dataSchema(type))
                .withTraceparent(traceparent);
    }
}
