package dev.doorbell.payment.usecase;

import dev.doorbell.outbox.Outbox;
import dev.doorbell.payment.domain.CardProcessor;
import dev.doorbell.payment.domain.Payment;
import dev.doorbell.payment.domain.PaymentTransition;
import dev.doorbell.payment.store.PaymentSql;
import dev.doorbell.payment.store.VersionFileSql;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.UUID;

/**
 * The compensation of {@link AuthorizeFee}: a customer's registration has failed, so an authorised fee is given back.
 * Two events of one failure tell of it; the second finds nothing left to do. Where the failure comes before the
 * request, the version file keeps it and the request will be refused.
 */
public final class ReversePayment {
    private final VersionFileSql versionFile = new VersionFileSql();
    private final PaymentSql payments = new PaymentSql();
    private final Outbox outbox = new Outbox();
    private final CardProcessor processor;

    public ReversePayment(CardProcessor processor) {
        this.processor = processor;
    }

    /**
     * Runs in the caller's transaction, which it leaves open.
     *
     * @param reason why the registration failed, at most 100 characters
     * @param traceparent handed on to the event, or null
     * @return the payment that was reversed, or empty when none was authorised
     */
    public Future<Optional<Payment>> execute(
            SqlConnection connection, UUID customerId, String reason, String traceparent) {
        return versionFile
                .noteReversal(connection, customerId)
                .compose(noted -> payments.change(connection, customerId, PaymentTransition.REVERSE, reason))
                .compose(reversed -> {
                    if (reversed.isEmpty()) {
                        return Future.succeededFuture(reversed);
                    }
                    Payment payment = reversed.get();
                    return Stages.future(processor.reverse(customerId, payment.fee()))
                            .compose(done -> outbox.append(connection, PaymentEvents.of(payment, traceparent)))
                            .map(reversed);
                });
    }
}
