package dev.doorbell.benchmarks.load;

import dev.doorbell.benchmarks.measure.Payload;
import java.util.List;

/**
 * The statements of one transaction; more than one stand between BEGIN and COMMIT.
 *
 * @param statements without parameters: numbers and ids are the database's
 */
public record WriterScript(List<String> statements) {
    private static final String EVENT = """
            INSERT INTO outbox (event_id, aggregate_type, aggregate_id, event_type, payload)
            VALUES (uuidv7(), 'bench', 'aggregate-' || pg_backend_pid(), 'Benchmarked', %s)
            """.formatted(Payload.sql("pg_backend_pid()"));

    /** The aggregate and its event, in one transaction. Needs {@link #AGGREGATE_TABLE}. */
    public static final WriterScript AGGREGATE_AND_EVENT =
            new WriterScript(List.of("INSERT INTO aggregate (id, name) VALUES (uuidv7(), 'somebody')", EVENT));

    public static final String AGGREGATE_TABLE = """
            CREATE TABLE aggregate (id uuid PRIMARY KEY, name text NOT NULL, created_at timestamptz DEFAULT now())
            """;

    /** A registration in one statement, as the customer service's tables want it: the fastest that one client can ask for. */
    public static final WriterScript REGISTRATION =
            new WriterScript(List.of("""
            WITH created AS (
                INSERT INTO customer (id, first_name, last_name, username, card_brand, card_last_four, card_valid_thru,
                                      identity_outcome)
                VALUES (uuidv7(), 'Robin', 'Sample', 'user-' || gen_random_uuid(), 'VISA', '1111', '2035-12-31',
                        'NOT_REQUIRED')
                ON CONFLICT (username) WHERE username_released_at IS NULL DO NOTHING
                RETURNING id)
            INSERT INTO outbox (event_id, aggregate_type, aggregate_id, event_type, payload)
            SELECT uuidv7(), 'customer', id::text, 'CustomerPendingRegistrationEvent', %s
            FROM created
            """.formatted(Payload.sql("pg_backend_pid()"))));

    public WriterScript {
        statements = statements.stream()
                .map(statement -> statement.replaceAll("\\s+", " ").strip())
                .toList();
    }

    /** As pgbench reads it. */
    String text() {
        String body = String.join(";\n", statements) + ";\n";
        return statements.size() == 1 ? body : "BEGIN;\n" + body + "COMMIT;\n";
    }
}
