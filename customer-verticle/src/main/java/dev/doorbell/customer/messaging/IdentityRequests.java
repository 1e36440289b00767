package dev.doorbell.customer.messaging;

import dev.doorbell.customer.usecase.RequestIdentity;
import dev.doorbell.messages.CustomerPendingRegistration;
import dev.doorbell.messages.EventTypes;
import dev.doorbell.messages.MessageJson;
import dev.doorbell.outbox.EventHandler;
import dev.doorbell.outbox.PoisonEventException;
import java.util.Map;

/** What the customer service does on its own event where there is an identity provider: it asks for a user. */
public final class IdentityRequests {
    private final RequestIdentity request;

    public IdentityRequests(RequestIdentity request) {
        this.request = request;
    }

    public Map<String, EventHandler> handlers() {
        return Map.of(EventTypes.CUSTOMER_PENDING_REGISTRATION, (connection, event) -> {
            try {
                CustomerPendingRegistration pending =
                        MessageJson.decode(event.payload().getBytes(), CustomerPendingRegistration.class);
                return request.request(connection, pending.customerId(), event.traceparent());
            } catch (IllegalArgumentException e) {
                throw new PoisonEventException(e.getMessage());
            }
        });
    }
}
