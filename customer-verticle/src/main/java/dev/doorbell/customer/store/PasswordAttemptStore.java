package dev.doorbell.customer.store;

import dev.doorbell.customer.domain.RegistrationStatus;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** The attempts at setting passwords in PostgreSQL; no password is among what it is given. */
public final class PasswordAttemptStore {
    /** Why an attempt is not in order; the first that applies counts, and with none the attempts are used up. */
    public record WhyNot(RegistrationStatus status, boolean done, boolean expired, boolean busy) {}

    /**
     * @param secretLife since the registration
     * @param attemptsMax of a registration, all together
     * @param busy after which another may begin though this one has had no end
     */
    public Future<Optional<PasswordAttempt>> begin(
            SqlClient client, UUID customerId, Duration secretLife, int attemptsMax, Duration busy) {
        return client.preparedQuery(PasswordAttemptSql.BEGIN)
                .execute(Tuple.of(customerId, secretLife.toMillis(), attemptsMax, busy.toMillis()))
                .map(rows -> {
                    for (Row row : rows) {
                        return Optional.of(attempt(row));
                    }
                    return Optional.empty();
                });
    }

    /** Empty when there is no such registration. */
    public Future<Optional<WhyNot>> whyNot(SqlClient client, UUID customerId, Duration secretLife) {
        return client.preparedQuery(PasswordAttemptSql.WHY_NOT)
                .execute(Tuple.of(customerId, secretLife.toMillis()))
                .map(rows -> {
                    for (Row row : rows) {
                        return Optional.of(new WhyNot(
                                RegistrationStatus.valueOf(row.getString("status")),
                                row.getBoolean("done"),
                                row.getBoolean("expired"),
                                row.getBoolean("busy")));
                    }
                    return Optional.empty();
                });
    }

    /** The attempt was answered, so the next may begin. @param set whether the password is there */
    public Future<Void> end(SqlClient client, PasswordAttempt attempt, boolean set) {
        return client.preparedQuery(PasswordAttemptSql.END)
                .execute(Tuple.of(attempt.customerId(), attempt.number(), set))
                .mapEmpty();
    }

    private static PasswordAttempt attempt(Row row) {
        return new PasswordAttempt(
                row.getUUID("id"),
                row.getInteger("attempts"),
                row.getString("username"),
                row.getString("first_name"),
                row.getString("last_name"),
                row.getString("user_id"));
    }
}
