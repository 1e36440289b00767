package dev.doorbell.quickstart;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * How a sample ended.
 *
 * @param id null when the registration was not accepted
 * @param accepted what the registration was answered; null when it was not accepted
 * @param reason null unless it failed
 * @param settledAt by the database's clock; null when it did not settle
 */
record SampleResult(
        String id,
        JsonObject accepted,
        int httpStatus,
        String status,
        String reason,
        Instant sentAt,
        Instant answeredAt,
        Instant settledAt) {

    static SampleResult refused(int httpStatus, Instant sentAt, Instant answeredAt) {
        return new SampleResult(null, null, httpStatus, "not accepted", null, sentAt, answeredAt, null);
    }

    /** @param registration the last status that was streamed, empty without one */
    static SampleResult followed(JsonObject accepted, JsonObject registration) {
        String settledAt = registration.getString("settledAt");
        return new SampleResult(
                accepted.getString("id"),
                accepted,
                202,
                registration.getString("status", "unknown"),
                registration.getString("reason"),
                null,
                null,
                settledAt == null ? null : Instant.parse(settledAt));
    }

    /** Whether the registration was accepted, and had no end in the time it was given. */
    boolean isUnsettled() {
        return id != null && settledAt == null;
    }

    SampleResult between(Instant sent, Instant answered) {
        return new SampleResult(id, accepted, httpStatus, status, reason, sent, answered, settledAt);
    }
}
