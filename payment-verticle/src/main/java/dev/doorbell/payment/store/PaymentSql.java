package dev.doorbell.payment.store;

import dev.doorbell.payment.domain.Money;
import dev.doorbell.payment.domain.Payee;
import dev.doorbell.payment.domain.Payer;
import dev.doorbell.payment.domain.Payment;
import dev.doorbell.payment.domain.PaymentStatus;
import dev.doorbell.payment.domain.PaymentTransition;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The table {@code payment}. */
public final class PaymentSql {
    /** There is one payment a customer; the limit holds should that ever change. */
    public static final int FOUND_MAX = 100;

    private static final String INSERT = """
            INSERT INTO payment (id, customer_id, payer_name, payer_card, payer_card_brand, payee_name,
                                 payee_bank_account, payee_bank_name, amount, currency, status, reason)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (customer_id) DO NOTHING
            RETURNING *
            """;

    private static final String CHANGE_STATUS = """
            UPDATE payment
            SET status = $3, reason = $4, updated_at = now()
            WHERE customer_id = $1 AND status = $2
            RETURNING *
            """;

    private static final String FIND_BY_CUSTOMER = """
            SELECT *
            FROM payment
            WHERE customer_id = $1
            ORDER BY created_at, id
            LIMIT $2
            """;

    /** Empty when the customer has a payment already; its times are the database's and not {@code payment}'s. */
    public Future<Optional<Payment>> insert(SqlConnection connection, Payment payment) {
        Tuple values = Tuple.tuple()
                .addUUID(payment.id())
                .addUUID(payment.customerId())
                .addString(payment.payer().name())
                .addString(payment.payer().maskedCard())
                .addString(payment.payer().cardBrand())
                .addString(payment.payee().name())
                .addString(payment.payee().bankAccount())
                .addString(payment.payee().bankName())
                .addBigDecimal(payment.fee().amount())
                .addString(payment.fee().currency().getCurrencyCode())
                .addString(payment.status().name())
                .addString(payment.reason());
        return connection.preparedQuery(INSERT).execute(values).map(PaymentSql::first);
    }

    /** Empty when the customer has no payment in the status that {@code transition} starts from. */
    public Future<Optional<Payment>> change(
            SqlConnection connection, UUID customerId, PaymentTransition transition, String reason) {
        String from = transition.from().orElseThrow().name();
        Tuple values = Tuple.of(customerId, from, transition.to().name(), reason);
        return connection.preparedQuery(CHANGE_STATUS).execute(values).map(PaymentSql::first);
    }

    public Future<List<Payment>> findByCustomer(SqlClient client, UUID customerId) {
        return client.preparedQuery(FIND_BY_CUSTOMER)
                .execute(Tuple.of(customerId, FOUND_MAX))
                .map(rows -> rows.stream().map(PaymentSql::payment).toList());
    }

    private static Optional<Payment> first(RowSet<Row> rows) {
        return rows.stream().map(PaymentSql::payment).findFirst();
    }

    private static Payment payment(Row row) {
        return new Payment(
                row.getUUID("id"),
                row.getUUID("customer_id"),
                new Payer(row.getString("payer_name"), row.getString("payer_card"), row.getString("payer_card_brand")),
                new Payee(
                        row.getString("payee_name"),
                        row.getString("payee_bank_account"),
                        row.getString("payee_bank_name")),
                new Money(row.getBigDecimal("amount"), Currency.getInstance(row.getString("currency"))),
                PaymentStatus.valueOf(row.getString("status")),
                row.getString("reason"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant());
    }
}
