package dev.doorbell.benchmarks.contender;

import dev.doorbell.benchmarks.measure.Payload;

/**
 * How events are written.
 *
 * @param insert one event, committed alone: parameter 1 is the aggregate's id, 2 the payload
 * @param fill the events with the numbers from parameter 1 to parameter 2, both included, in that order, of 1,000
 *     aggregates
 */
public record Rows(String insert, String fill) {
    static final String AGGREGATE_TYPE = "bench";

    static Rows outbox() {
        return new Rows("""
                INSERT INTO outbox (event_id, aggregate_type, aggregate_id, event_type, payload)
                VALUES (uuidv7(), 'bench', ?, 'Benchmarked', ?)
                """, """
                INSERT INTO outbox (event_id, aggregate_type, aggregate_id, event_type, payload)
                SELECT uuidv7(), 'bench', 'aggregate-' || n %% 1000, 'Benchmarked', %s
                FROM generate_series(?::bigint, ?::bigint) AS n
                ORDER BY n
                """.formatted(Payload.sql("n")));
    }
}
