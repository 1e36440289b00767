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
    /**
     * Why an attempt is not in order; the first that applies counts. With none it is in order by now.
     *
     * @param busy for how long another one may still take effect, zero or less when none can
     */
    public record WhyNot(RegistrationStatus status, boolean done, boolean expired, Duration busy, boolean usedUp) {}

    /** How an attempt has ended. */
    public enum End {
        SET,
        /** The provider does not accept the password. This alone uses up attempts. */
        REFUSED,
        /** Certainly. */
        WITHOUT_EFFECT
    }

    /**
     * @param secretLife since the registration has succeeded
     * @param refusedMax of a registration, all together
     * @param busy after which another may begin though this one has had no end
     */
    public Future<Optional<PasswordAttempt>> begin(
            SqlClient client, UUID customerId, Duration secretLife, int refusedMax, Duration busy) {
        return client.preparedQuery(PasswordAttemptSql.BEGIN)
                .execute(Tuple.of(customerId, secretLife.toMillis(), refusedMax, busy.toMillis()))
                .map(rows -> {
                    for (Row row : rows) {
                        return Optional.of(attempt(row));
                    }
                    return Optional.empty();
                });
    }

    /** Empty when there is no such registration. */
    public Future<Optional<WhyNot>> whyNot(SqlClient client, UUID customerId, Duration secretLife, int refusedMax) {
        return client.preparedQuery(PasswordAttemptSql.WHY_NOT)
                .execute(Tuple.of(customerId, secretLife.toMillis(), refusedMax))
                .map(rows -> {
                    for (Row row : rows) {
                        return Optional.of(new WhyNot(
                                RegistrationStatus.valueOf(row.getString("status")),
                                row.getBoolean("done"),
                                row.getBoolean("expired"),
                                Duration.ofMillis(row.getLong("busy_ms")),
                                row.getBoolean("used_up")));
                    }
                    return Optional.empty();
                });
    }

    /** The attempt cannot take effect any more, so the next may begin. */
    public Future<Void> end(SqlClient client, PasswordAttempt attempt, End end) {
        return client.preparedQuery(PasswordAttemptSql.END)
                .execute(Tuple.of(attempt.customerId(), attempt.number(), end.name(), attempt.userId()))
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
