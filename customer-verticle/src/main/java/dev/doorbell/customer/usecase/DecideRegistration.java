package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.PaymentOutcome;
import dev.doorbell.customer.domain.Registration;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.outbox.Outbox;
import dev.doorbell.outbox.PoisonEventException;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Step "decide registration", the pivot: records the payment's reply and, when that settles the matter, approves or
 * rejects in the same transaction.
 */
public final class DecideRegistration {
    private static final Logger log = LoggerFactory.getLogger(DecideRegistration.class);

    private final CustomerStore store;
    private final SettleRegistration settle;

    public DecideRegistration(CustomerStore store, Outbox outbox) {
        this.store = store;
        this.settle = new SettleRegistration(store, outbox);
    }

    /**
     * @param refusal why the payment was refused, null when it was authorised
     * @return fails with {@link PoisonEventException} for a customer that does not exist
     */
    public Future<Void> onPayment(
            SqlConnection connection,
            UUID id,
            UUID paymentId,
            PaymentOutcome outcome,
            String refusal,
            String traceparent) {
        return store.lock(connection, id)
                .compose(found -> found.isEmpty()
                        ? Future.failedFuture(new PoisonEventException("There is no customer " + id + "."))
                        : decide(connection, found.get(), paymentId, outcome, refusal, traceparent));
    }

    private Future<Void> decide(
            SqlConnection connection,
            Registration before,
            UUID paymentId,
            PaymentOutcome outcome,
            String refusal,
            String traceparent) {
        if (before.payment() != null) {
            log.warn("Registration {} had its payment reply already; a second one is ignored", before.id());
            return Future.succeededFuture();
        }
        if (before.status().isTerminal()) {
            log.info("Registration {} is {}; the payment's reply {} came late", before.id(), before.status(), outcome);
        }
        Registration registration = before.withPayment(outcome);
        return store.recordPayment(connection, registration.id(), outcome, paymentId)
                .compose(recorded -> settle.afterReply(connection, registration, refusal, traceparent));
    }
}
