package dev.doorbell.relay;

/** Which headers a source's records have besides those that its rows bring along. */
enum HeaderStyle {
    /** CloudEvents 1.0 in binary content mode. */
    CLOUDEVENTS,
    /**
     * Those of Debezium's outbox event router: {@code id} is the event's id, and nothing else is put that no column was
     * named for (debezium.io/documentation/reference/stable/transformations/outbox-event-router.html).
     */
    DEBEZIUM
}
