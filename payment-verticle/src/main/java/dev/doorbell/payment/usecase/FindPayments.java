package dev.doorbell.payment.usecase;

import dev.doorbell.payment.domain.Payment;
import dev.doorbell.payment.store.PaymentSql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.List;
import java.util.UUID;

/** A customer's payments, oldest first, at most {@link PaymentSql#FOUND_MAX}; none for an unknown customer. */
public final class FindPayments {
    private final PaymentSql payments = new PaymentSql();
    private final Pool pool;

    public FindPayments(Pool pool) {
        this.pool = pool;
    }

    public Future<List<Payment>> execute(UUID customerId) {
        return payments.findByCustomer(pool, customerId);
    }
}
