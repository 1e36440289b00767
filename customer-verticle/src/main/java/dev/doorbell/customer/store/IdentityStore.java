package dev.doorbell.customer.store;

import dev.doorbell.customer.domain.IdentityState;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The work on users of the identity provider in PostgreSQL. */
public final class IdentityStore {
    /** Asks for a user. @return whether there is such a customer */
    public Future<Boolean> request(SqlConnection connection, UUID customerId, String traceparent) {
        return flag(connection.preparedQuery(IdentitySql.REQUEST).execute(Tuple.of(customerId, traceparent)), "known");
    }

    /** @return whether the row was in the state {@code from} */
    public Future<Boolean> advance(SqlConnection connection, UUID customerId, IdentityState from, IdentityState to) {
        return connection
                .preparedQuery(IdentitySql.ADVANCE)
                .execute(Tuple.of(customerId, from.name(), to.name()))
                .map(updated -> updated.rowCount() == 1);
    }

    /** Begins the removal of what may have been made. @return whether there is nothing to remove */
    public Future<Boolean> reject(SqlConnection connection, UUID customerId) {
        return flag(connection.preparedQuery(IdentitySql.REJECT).execute(Tuple.of(customerId)), "nothing_left");
    }

    public Future<Boolean> anyDue(SqlClient client) {
        return flag(client.query(IdentitySql.ANY_DUE).execute(), "due");
    }

    /**
     * @param length after which somebody else may take the row
     * @param createLife for how long a create that is sent in the lease can still make a user
     */
    public Future<List<IdentityLease>> lease(SqlClient client, int rowsMax, Duration length, Duration createLife) {
        return client.preparedQuery(IdentitySql.LEASE)
                .execute(Tuple.of(rowsMax, length.toMillis(), createLife.toMillis()))
                .map(rows -> {
                    List<IdentityLease> leases = new ArrayList<>();
                    rows.forEach(row -> leases.add(lease(row)));
                    return leases;
                });
    }

    /** A create of the lease was answered. @param userId of the user that it made or found, or null */
    public Future<Void> noteAnswer(SqlConnection connection, IdentityLease lease, String userId) {
        return connection
                .preparedQuery(IdentitySql.NOTE_ANSWER)
                .execute(Tuple.of(lease.customerId(), userId, lease.createLandsUntil(), lease.earlierLandsUntil()))
                .mapEmpty();
    }

    /** @return whether nobody has taken the row since */
    public Future<Boolean> refuse(SqlConnection connection, IdentityLease lease) {
        return connection
                .preparedQuery(IdentitySql.REFUSE)
                .execute(Tuple.of(lease.customerId(), lease.number()))
                .map(updated -> updated.rowCount() == 1);
    }

    /** The provider has no user of this customer. @return whether none can turn up any more */
    public Future<Boolean> removed(SqlConnection connection, IdentityLease lease) {
        return connection
                .preparedQuery(IdentitySql.REMOVED)
                .execute(Tuple.of(lease.customerId(), lease.number(), lease.createMayLand()))
                .map(rows -> rows.rowCount() == 1 && rows.iterator().next().getBoolean("removed"));
    }

    /** Keeps everybody else from the row for at least {@code length} from now. @return whether nobody has taken it since */
    public Future<Boolean> hold(SqlClient client, IdentityLease lease, Duration length) {
        return client.preparedQuery(IdentitySql.HOLD)
                .execute(Tuple.of(
                        lease.customerId(), lease.number(), lease.state().name(), length.toMillis()))
                .map(updated -> updated.rowCount() == 1);
    }

    /** @param mayGoOn whether the attempt may still be at work: then not before the lease, or what it holds, is over */
    public Future<Void> retryLater(SqlClient client, IdentityLease lease, Duration delay, boolean mayGoOn) {
        return client.preparedQuery(IdentitySql.RETRY_LATER)
                .execute(Tuple.of(
                        lease.customerId(), lease.number(), lease.state().name(), delay.toMillis(), mayGoOn))
                .mapEmpty();
    }

    /** A user was found that a failed registration has left. @return whether it is to be removed now */
    public Future<Boolean> removeAgain(SqlClient client, UUID customerId, String userId) {
        return client.preparedQuery(IdentitySql.REMOVE_AGAIN)
                .execute(Tuple.of(customerId, userId))
                .map(updated -> updated.rowCount() == 1);
    }

    public Future<Optional<IdentityState>> stateOf(SqlClient client, UUID customerId) {
        return client.preparedQuery(IdentitySql.STATE_OF)
                .execute(Tuple.of(customerId))
                .map(rows -> {
                    for (Row row : rows) {
                        return Optional.of(IdentityState.valueOf(row.getString("state")));
                    }
                    return Optional.empty();
                });
    }

    /** How long the oldest work has waited for its end; zero when there is none. */
    public Future<Duration> oldestInWork(SqlClient client) {
        return client.query(IdentitySql.OLDEST_IN_WORK)
                .execute()
                .map(rows -> Duration.ofMillis((long) (rows.iterator().next().getDouble("age_s") * 1_000)));
    }

    private static Future<Boolean> flag(Future<RowSet<Row>> rows, String column) {
        return rows.map(row -> row.iterator().next().getBoolean(column));
    }

    private static IdentityLease lease(Row row) {
        return new IdentityLease(
                row.getUUID("customer_id"),
                IdentityState.valueOf(row.getString("state")),
                row.getString("username"),
                row.getString("first_name"),
                row.getString("last_name"),
                row.getString("user_id"),
                row.getLong("lease"),
                row.getInteger("failures"),
                row.getOffsetDateTime("create_lands_until"),
                row.getOffsetDateTime("earlier_lands_until"),
                row.getBoolean("create_may_land"),
                row.getString("traceparent"));
    }
}
