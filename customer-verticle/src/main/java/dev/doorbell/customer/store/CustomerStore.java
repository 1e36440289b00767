package dev.doorbell.customer.store;

import dev.doorbell.customer.domain.Customer;
import dev.doorbell.customer.domain.CustomerChange;
import dev.doorbell.customer.domain.IdentityOutcome;
import dev.doorbell.customer.domain.PaymentOutcome;
import dev.doorbell.customer.domain.Registration;
import dev.doorbell.customer.domain.RegistrationStatus;
import dev.doorbell.customer.domain.RegistrationView;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Customers and registrations in PostgreSQL. What changes them takes the connection of the caller's transaction. */
public final class CustomerStore {
    /** Some 50 ms of PostgreSQL. */
    private static final long PENDING_PAGE_ROWS = 100_000;

    /**
     * Inserts customers with their events, in one statement.
     *
     * @param rows in the order of their arrival, not empty; of two with one username the first wins
     * @param identity of all of them
     * @return the ids of those whose username was free; only they are there now
     */
    public Future<Set<UUID>> register(
            SqlConnection connection, List<RegistrationRow> rows, Optional<IdentityOutcome> identity) {
        return connection
                .preparedQuery(CustomerSql.REGISTER)
                .execute(RegistrationRow.columns(rows, identity))
                .map(inserted -> {
                    Set<UUID> ids = new HashSet<>();
                    inserted.forEach(row -> ids.add(row.getUUID(0)));
                    return ids;
                });
    }

    /**
     * How many registrations are pending; {@code max} when there are as many or more. Page by page: of tens of millions,
     * behind an outage, one statement would take longer than a statement may, and its connection all the while.
     */
    public Future<Long> countPending(SqlClient client, long max) {
        return countPending(client, max, PENDING_PAGE_ROWS);
    }

    Future<Long> countPending(SqlClient client, long max, long pageRows) {
        Promise<Long> counted = Promise.promise();
        countPending(client, max, pageRows, null, 0, counted);
        return counted.future();
    }

    private static void countPending(
            SqlClient client, long max, long pageRows, OffsetDateTime above, long before, Promise<Long> counted) {
        client.preparedQuery(CustomerSql.COUNT_PENDING)
                .execute(Tuple.of(above, pageRows))
                .map(rows -> rows.iterator().next())
                .onFailure(counted::fail)
                .onSuccess(page -> {
                    long pending = before + page.getLong("pending");
                    if (page.getLong("pending") < pageRows || pending >= max) {
                        counted.complete(Math.min(pending, max));
                    } else {
                        countPending(client, max, pageRows, page.getOffsetDateTime("through"), pending, counted);
                    }
                });
    }

    /** Locks the registration to the end of the transaction; empty when there is none. */
    public Future<Optional<Registration>> lock(SqlConnection connection, UUID id) {
        return connection
                .preparedQuery(CustomerSql.LOCK)
                .execute(Tuple.of(id))
                .map(rows ->
                        rows(rows).stream().map(CustomerStore::registration).findFirst());
    }

    /** Keeps the first reply; a second one changes nothing. */
    public Future<Void> recordPayment(SqlConnection connection, UUID id, PaymentOutcome outcome, UUID paymentId) {
        return connection
                .preparedQuery(CustomerSql.RECORD_PAYMENT)
                .execute(Tuple.of(id, outcome.name(), paymentId))
                .mapEmpty();
    }

    /** Keeps the first outcome. */
    public Future<Void> recordIdentity(SqlConnection connection, UUID id, IdentityOutcome outcome) {
        return connection
                .preparedQuery(CustomerSql.RECORD_IDENTITY)
                .execute(Tuple.of(id, outcome.name()))
                .mapEmpty();
    }

    /** Gives the username of a failed registration back; does nothing the second time, nor to any other. */
    public Future<Void> releaseUsername(SqlConnection connection, UUID id) {
        return connection
                .preparedQuery(CustomerSql.RELEASE_USERNAME)
                .execute(Tuple.of(id))
                .mapEmpty();
    }

    /**
     * @param releasesUsername whether a registration that fails gives its username back at once
     * @return whether the guard matched, so that the transition took place
     */
    public Future<Boolean> settle(
            SqlConnection connection, UUID id, Registration.Decision decision, boolean releasesUsername) {
        return connection
                .preparedQuery(CustomerSql.SETTLE)
                .execute(Tuple.of(
                        id,
                        decision.transition().from().name(),
                        decision.transition().to().name(),
                        decision.reason(),
                        releasesUsername))
                .map(updated -> updated.rowCount() == 1);
    }

    /** Locks at most {@code rowsMax} registrations that are pending for longer than {@code after}, the oldest first. */
    public Future<List<Registration>> lockOverdue(SqlConnection connection, Duration after, int rowsMax) {
        return connection
                .preparedQuery(CustomerSql.LOCK_OVERDUE)
                .execute(Tuple.of(after.toMillis(), rowsMax))
                .map(rows ->
                        rows(rows).stream().map(CustomerStore::registration).toList());
    }

    public Future<Optional<Customer>> find(SqlClient client, UUID id) {
        return client.preparedQuery(CustomerSql.FIND)
                .execute(Tuple.of(id))
                .map(rows -> rows(rows).stream().map(CustomerStore::customer).findFirst());
    }

    /**
     * Changes a registered customer's names.
     *
     * @param versions one of which the customer must be in, or empty for any
     * @return the customer as it is now; empty when there is none that is registered and in such a version
     */
    public Future<Optional<Customer>> change(
            SqlClient client, UUID id, CustomerChange change, Optional<Set<Long>> versions) {
        return client.preparedQuery(CustomerSql.CHANGE)
                .execute(Tuple.tuple()
                        .addUUID(id)
                        .addString(change.firstName())
                        .addString(change.lastName())
                        .addArrayOfLong(
                                versions.map(set -> set.toArray(Long[]::new)).orElse(null)))
                .map(rows -> rows(rows).stream().map(CustomerStore::customer).findFirst());
    }

    /** Those of {@code ids} that exist. */
    public Future<List<RegistrationView>> findRegistrations(SqlClient client, Collection<UUID> ids) {
        return client.preparedQuery(CustomerSql.FIND_REGISTRATIONS)
                .execute(Tuple.tuple().addArrayOfUUID(ids.toArray(UUID[]::new)))
                .map(rows -> rows(rows).stream().map(CustomerStore::view).toList());
    }

    private static Registration registration(Row row) {
        return new Registration(
                row.getUUID("id"),
                row.getString("username"),
                RegistrationStatus.valueOf(row.getString("status")),
                row.getString("reason"),
                valueOrNull(PaymentOutcome.class, row.getString("payment_outcome")),
                valueOrNull(IdentityOutcome.class, row.getString("identity_outcome")));
    }

    private static Customer customer(Row row) {
        return new Customer(
                row.getUUID("id"),
                row.getString("first_name"),
                row.getString("last_name"),
                row.getString("username"),
                row.getString("card_brand"),
                row.getString("card_last_four"),
                row.getLocalDate("card_valid_thru"),
                RegistrationStatus.valueOf(row.getString("status")),
                instant(row, "created_at"),
                row.getLong("version"));
    }

    private static RegistrationView view(Row row) {
        return new RegistrationView(
                row.getUUID("id"),
                RegistrationStatus.valueOf(row.getString("status")),
                row.getString("reason"),
                instant(row, "created_at"),
                instant(row, "settled_at"));
    }

    private static Instant instant(Row row, String column) {
        return row.getOffsetDateTime(column) == null
                ? null
                : row.getOffsetDateTime(column).toInstant();
    }

    private static <E extends Enum<E>> E valueOrNull(Class<E> type, String name) {
        return name == null ? null : Enum.valueOf(type, name);
    }

    private static List<Row> rows(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false).toList();
    }
}
