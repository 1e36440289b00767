package dev.doorbell.relay;

import dev.doorbell.service.DatabaseUrl;

/**
 * One outbox database.
 *
 * @param name stands in metrics, logs and the CloudEvents {@code source}
 * @param topicTemplate with {@code {aggregate_type}} where the aggregate's type goes
 * @param trigger whether the outbox has the trigger that wakes the relay; false: it is polled
 * @param table where the events are and how they are named there
 */
record SourceConfig(
        String name,
        DatabaseUrl database,
        String topicTemplate,
        boolean trigger,
        OutboxTable table,
        HeaderStyle headerStyle) {
    /** Of a row that names no topic of its own. */
    String topicOf(String aggregateType) {
        return topicTemplate.replace(SourceSettings.AGGREGATE_TYPE_PLACEHOLDER, aggregateType);
    }
}
