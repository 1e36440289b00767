package dev.doorbell.payment.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;

/**
 * The table {@code version_file}: which commands have arrived for a customer. Each statement leaves the customer's row
 * locked until the transaction ends, and waits for a transaction that has it locked; what it returns is therefore final.
 */
public final class VersionFileSql {
    /** An upsert and not a SELECT FOR UPDATE: there may be no row to lock yet. */
    private static final String NOTE_REQUEST = """
            INSERT INTO version_file (customer_id, requested_at)
            VALUES ($1, now())
            ON CONFLICT (customer_id) DO UPDATE
                SET requested_at = coalesce(version_file.requested_at, excluded.requested_at)
            RETURNING old.requested_at IS NOT NULL AS repeated, new.reversed_at IS NOT NULL AS reversed
            """;

    private static final String NOTE_REVERSAL = """
            INSERT INTO version_file (customer_id, reversed_at)
            VALUES ($1, now())
            ON CONFLICT (customer_id) DO UPDATE
                SET reversed_at = coalesce(version_file.reversed_at, excluded.reversed_at)
            """;

    /**
     * What was known of a customer when a request to authorise arrived.
     *
     * @param repeated an earlier request was decided already
     * @param reversed the registration had failed already
     */
    public record Arrival(boolean repeated, boolean reversed) {}

    public Future<Arrival> noteRequest(SqlConnection connection, UUID customerId) {
        return connection
                .preparedQuery(NOTE_REQUEST)
                .mapping(row -> new Arrival(row.getBoolean("repeated"), row.getBoolean("reversed")))
                .execute(Tuple.of(customerId))
                .map(rows -> rows.iterator().next());
    }

    public Future<Void> noteReversal(SqlConnection connection, UUID customerId) {
        return connection
                .preparedQuery(NOTE_REVERSAL)
                .execute(Tuple.of(customerId))
                .mapEmpty();
    }
}
