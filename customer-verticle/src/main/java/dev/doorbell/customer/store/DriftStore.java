package dev.doorbell.customer.store;

import dev.doorbell.customer.domain.IdentityOutcome;
import dev.doorbell.customer.domain.IdentityState;
import dev.doorbell.customer.domain.RegistrationStatus;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Customers with the work on their users, as the comparison with the identity provider reads them; and how work is set
 * back, so that the workers do it again. Each answers false, and does nothing, when somebody was faster.
 */
public final class DriftStore {
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    /** @param after null for the first page */
    public Future<List<IdentityRecord>> page(SqlClient client, UUID after, int rowsMax) {
        return client.preparedQuery(DriftSql.PAGE)
                .execute(Tuple.of(after == null ? BEFORE_ALL : after, rowsMax))
                .map(DriftStore::records);
    }

    /** Those of {@code customers} that exist. */
    public Future<List<IdentityRecord>> records(SqlClient client, Collection<UUID> customers) {
        return client.preparedQuery(DriftSql.RECORDS)
                .execute(Tuple.tuple().addArrayOfUUID(customers.toArray(UUID[]::new)))
                .map(DriftStore::records);
    }

    /** A registered customer's user is to be enabled, or made if there is none. */
    public Future<Boolean> enableAgain(SqlClient client, IdentityRecord compared) {
        return changed(client.preparedQuery(DriftSql.ENABLE_AGAIN)
                .execute(Tuple.of(
                        compared.customerId(),
                        compared.state() == null ? null : compared.state().name(),
                        compared.lease(),
                        compared.since())));
    }

    /** A user that a failed registration has left is to be removed. */
    public Future<Boolean> removeAgain(SqlClient client, UUID customerId, String userId) {
        return changed(client.preparedQuery(DriftSql.REMOVE_AGAIN).execute(Tuple.of(customerId, userId)));
    }

    /** A disabled user is to be made of the one that there is. @param connection that holds the pending customer's lock */
    public Future<Boolean> provisionAgain(SqlConnection connection, IdentityRecord compared) {
        return changed(connection
                        .preparedQuery(DriftSql.PROVISION_AGAIN)
                        .execute(Tuple.of(compared.customerId(), compared.lease(), compared.since())))
                .compose(again -> again
                        ? connection
                                .preparedQuery(DriftSql.AWAIT_IDENTITY)
                                .execute(Tuple.of(compared.customerId()))
                                .map(true)
                        : Future.succeededFuture(false));
    }

    /** How much work waits for a worker; {@code max} when it is as much or more. */
    public Future<Long> countDue(SqlClient client, int max) {
        return client.preparedQuery(DriftSql.COUNT_DUE)
                .execute(Tuple.of(max))
                .map(rows -> rows.iterator().next().getLong("due"));
    }

    private static Future<Boolean> changed(Future<RowSet<Row>> update) {
        return update.map(rows -> rows.rowCount() == 1);
    }

    private static List<IdentityRecord> records(RowSet<Row> rows) {
        List<IdentityRecord> records = new ArrayList<>();
        for (Row row : rows) {
            String outcome = row.getString("identity_outcome");
            String state = row.getString("state");
            records.add(new IdentityRecord(
                    row.getUUID("id"),
                    row.getString("username"),
                    RegistrationStatus.valueOf(row.getString("status")),
                    outcome == null ? null : IdentityOutcome.valueOf(outcome),
                    state == null ? null : IdentityState.valueOf(state),
                    row.getString("user_id"),
                    row.getLong("lease"),
                    row.getOffsetDateTime("since")));
        }
        return records;
    }
}
