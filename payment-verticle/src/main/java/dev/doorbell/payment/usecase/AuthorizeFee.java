package dev.doorbell.payment.usecase;

import dev.doorbell.outbox.Outbox;
import dev.doorbell.outbox.UuidV7;
import dev.doorbell.payment.domain.CardProcessor;
import dev.doorbell.payment.domain.Money;
import dev.doorbell.payment.domain.Payee;
import dev.doorbell.payment.domain.Payer;
import dev.doorbell.payment.domain.Payment;
import dev.doorbell.payment.domain.PaymentTransition;
import dev.doorbell.payment.domain.Refusal;
import dev.doorbell.payment.store.PaymentSql;
import dev.doorbell.payment.store.VersionFileSql;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;

/**
 * A customer waits for the registration fee: authorise it or refuse it, keep either, and tell the others by an event.
 * A customer's first request is decided; repeats change nothing.
 */
public final class AuthorizeFee {
    /**
     * The request of one customer.
     *
     * @param validThru the last day on which the card is valid
     * @param balance the input of the test card processor
     * @param traceparent handed on to the event, or null
     */
    public record Command(UUID customerId, Payer payer, LocalDate validThru, BigDecimal balance, String traceparent) {}

    private final VersionFileSql versionFile = new VersionFileSql();
    private final PaymentSql payments = new PaymentSql();
    private final Outbox outbox = new Outbox();
    private final CardProcessor processor;
    private final Money fee;
    private final Payee payee;
    private final Clock clock;

    public AuthorizeFee(CardProcessor processor, Money fee, Payee payee, Clock clock) {
        this.processor = processor;
        this.fee = fee;
        this.payee = payee;
        this.clock = clock;
    }

    /**
     * Runs in the caller's transaction, which it leaves open.
     *
     * @return the payment that was made, or empty when the customer's fee was decided before
     */
    public Future<Optional<Payment>> execute(SqlConnection connection, Command command) {
        return versionFile.noteRequest(connection, command.customerId()).compose(arrival -> {
            if (arrival.repeated()) {
                // Asking the processor again could take money that no payment would tell of.
                return Future.succeededFuture(Optional.empty());
            }
            return decide(command, arrival.reversed()).compose(decision -> keep(connection, command, decision));
        });
    }

    private Future<CardProcessor.Decision> decide(Command command, boolean reversed) {
        if (reversed) {
            return Future.succeededFuture(CardProcessor.Decision.refused(Refusal.REGISTRATION_ALREADY_FAILED));
        }
        CardProcessor.Request request = new CardProcessor.Request(
                command.customerId(), command.payer(), command.validThru(), command.balance(), fee);
        return Stages.future(processor.authorize(request));
    }

    private Future<Optional<Payment>> keep(SqlConnection connection, Command command, CardProcessor.Decision decision) {
        PaymentTransition transition = decision.approved() ? PaymentTransition.AUTHORIZE : PaymentTransition.REFUSE;
        String reason = decision.approved() ? null : decision.refusal().name();
        Payment payment = new Payment(
                UuidV7.create(clock),
                command.customerId(),
                command.payer(),
                payee,
                fee,
                transition.to(),
                reason,
                clock.instant(),
                clock.instant());
        return payments.insert(connection, payment).compose(inserted -> {
            if (inserted.isEmpty()) {
                return Future.succeededFuture(inserted);
            }
            // Behind the row: only while that is locked is the event's place in the outbox the order of commits.
            return outbox.append(connection, PaymentEvents.of(inserted.get(), command.traceparent()))
                    .map(inserted);
        });
    }
}
