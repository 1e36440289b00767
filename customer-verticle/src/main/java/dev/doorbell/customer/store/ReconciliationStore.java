package dev.doorbell.customer.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Who compares, and where the comparison stands: a lease, so that one instance does at a time. */
public final class ReconciliationStore {
    /** The two ways of comparing, in their order. */
    public enum Pass {
        /** The provider's users with our customers. */
        USERS,
        /** Our customers with the provider's users. */
        CUSTOMERS
    }

    /**
     * @param usersFirst where the next page of users begins
     * @param usersSeen the ids of the page before
     * @param customersAfter customers up to this id are compared, null for none
     * @param findingsLeft found and not repaired so far
     */
    public record Position(Pass pass, int usersFirst, List<String> usersSeen, UUID customersAfter, int findingsLeft) {}

    /** @param age since it was completed; since there could have been one, where none was */
    public record LastCompleted(boolean completed, Duration age, int findingsLeft) {}

    /**
     * Takes the lease for one who asks for a comparison now.
     *
     * @param goOn whether an unfinished one is taken up where it stands
     * @return empty when somebody else compares
     */
    public Future<Optional<Position>> take(SqlClient client, UUID run, Duration lease, boolean goOn) {
        return take(client, run, lease, null, null, goOn);
    }

    /**
     * Takes the lease if a comparison is due, and goes on with one that is unfinished.
     *
     * @param afterFailure the interval after one that was given up, if shorter
     * @return empty when none is due or somebody else compares
     */
    public Future<Optional<Position>> takeIfDue(
            SqlClient client, UUID run, Duration lease, Duration interval, Duration afterFailure) {
        return take(client, run, lease, interval.toMillis(), afterFailure.toMillis(), true);
    }

    private static Future<Optional<Position>> take(
            SqlClient client, UUID run, Duration lease, Long intervalMs, Long afterFailureMs, boolean goOn) {
        return client.preparedQuery(ReconciliationSql.TAKE)
                .execute(Tuple.of(run, lease.toMillis(), intervalMs, afterFailureMs, goOn))
                .map(rows -> {
                    for (Row row : rows) {
                        return Optional.of(position(row));
                    }
                    return Optional.empty();
                });
    }

    /** @return whether the lease is still this run's; it is renewed then */
    public Future<Boolean> progress(SqlClient client, UUID run, Duration lease, Position position) {
        return ours(client.preparedQuery(ReconciliationSql.PROGRESS)
                .execute(Tuple.tuple()
                        .addUUID(run)
                        .addLong(lease.toMillis())
                        .addString(position.pass().name())
                        .addInteger(position.usersFirst())
                        .addArrayOfString(position.usersSeen().toArray(String[]::new))
                        .addUUID(position.customersAfter())
                        .addInteger(position.findingsLeft())));
    }

    /** All is compared. @return whether the lease was still this run's */
    public Future<Boolean> complete(SqlClient client, UUID run) {
        return ours(client.preparedQuery(ReconciliationSql.COMPLETE).execute(Tuple.of(run)));
    }

    /** The lease is given back; the next comparison may go on from here. */
    public Future<Void> giveUp(SqlClient client, UUID run) {
        return client.preparedQuery(ReconciliationSql.GIVE_UP)
                .execute(Tuple.of(run))
                .mapEmpty();
    }

    public Future<LastCompleted> lastCompleted(SqlClient client) {
        return client.query(ReconciliationSql.STATUS).execute().map(rows -> {
            Row row = rows.iterator().next();
            return new LastCompleted(
                    row.getBoolean("completed"),
                    Duration.ofMillis((long) (row.getDouble("age_s") * 1_000)),
                    row.getInteger("completed_left"));
        });
    }

    private static Future<Boolean> ours(Future<RowSet<Row>> update) {
        return update.map(rows -> rows.rowCount() == 1);
    }

    private static Position position(Row row) {
        return new Position(
                Pass.valueOf(row.getString("pass")),
                row.getInteger("users_first"),
                Arrays.asList(row.getArrayOfStrings("users_seen")),
                row.getUUID("customers_after"),
                row.getInteger("findings_left"));
    }
}
