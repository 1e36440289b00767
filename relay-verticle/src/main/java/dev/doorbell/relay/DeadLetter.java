package dev.doorbell.relay;

import io.vertx.core.json.JsonArray;
import java.util.Base64;

/**
 * A row on its way to the table {@code dead_letter}.
 *
 * @param cause for an operator; never holds the payload. Null for a parked row, which has no fault of its own
 */
record DeadLetter(OutboundEvent event, Reason reason, String cause) {
    enum Reason {
        /** Kafka can never take it. */
        UNPUBLISHABLE,
        /** An earlier row of its key is a dead letter. */
        PARKED
    }

    /** In the form of {@code dead_letter.record_headers}; null for a header that has no value. */
    String headersJson() {
        JsonArray headers = new JsonArray();
        event.headers()
                .forEach(header -> headers.add(new JsonArray()
                        .add(header.key())
                        .add(header.value() == null ? null : Base64.getEncoder().encodeToString(header.value()))));
        return headers.encode();
    }
}
