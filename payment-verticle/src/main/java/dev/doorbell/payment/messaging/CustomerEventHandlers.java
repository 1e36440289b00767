package dev.doorbell.payment.messaging;

import dev.doorbell.messages.Card;
import dev.doorbell.messages.CustomerNotRegistered;
import dev.doorbell.messages.CustomerPendingRegistration;
import dev.doorbell.messages.CustomerRegistrationDeadLock;
import dev.doorbell.messages.MessageJson;
import dev.doorbell.messages.Reasons;
import dev.doorbell.outbox.Event;
import dev.doorbell.outbox.PoisonEventException;
import dev.doorbell.payment.domain.Payer;
import dev.doorbell.payment.usecase.AuthorizeFee;
import dev.doorbell.payment.usecase.ReversePayment;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The customer's events as commands to the use cases; each method is an {@link dev.doorbell.outbox.EventHandler}. A
 * payload that no use case could take is poison: no retry would mend it.
 */
public final class CustomerEventHandlers {
    private static final Pattern REASON = Pattern.compile("[A-Z][A-Z0-9_]{0,99}");

    private final AuthorizeFee authorizeFee;
    private final ReversePayment reversePayment;

    public CustomerEventHandlers(AuthorizeFee authorizeFee, ReversePayment reversePayment) {
        this.authorizeFee = authorizeFee;
        this.reversePayment = reversePayment;
    }

    public Future<?> pendingRegistration(SqlConnection connection, Event event) {
        AuthorizeFee.Command command = valid(event, CustomerPendingRegistration.class, message -> {
            Card card = message.card();
            // The payer is whoever the card belongs to, who need not be the customer.
            Payer payer = new Payer(card.holderName(), card.maskedNumber(), card.brand());
            return new AuthorizeFee.Command(
                    message.customerId(), payer, card.validThru(), card.balance(), event.traceparent());
        });
        return authorizeFee.execute(connection, command);
    }

    public Future<?> notRegistered(SqlConnection connection, Event event) {
        CustomerNotRegistered failed = valid(event, CustomerNotRegistered.class, message -> {
            if (!REASON.matcher(message.reason()).matches()) {
                throw new IllegalArgumentException("The reason is not a name in capital letters.");
            }
            return message;
        });
        return reversePayment.execute(connection, failed.customerId(), failed.reason(), event.traceparent());
    }

    public Future<?> registrationDeadLock(SqlConnection connection, Event event) {
        CustomerRegistrationDeadLock failed = valid(event, CustomerRegistrationDeadLock.class, Function.identity());
        return reversePayment.execute(
                connection, failed.customerId(), Reasons.REGISTRATION_DEAD_LOCK_DETECTED, event.traceparent());
    }

    /** The messages of both decoding and the domain name the field and never repeat its value. */
    private static <T extends Record, R> R valid(Event event, Class<T> type, Function<T, R> command) {
        try {
            return command.apply(MessageJson.decode(event.payload().getBytes(), type));
        } catch (IllegalArgumentException e) {
            throw new PoisonEventException(e.getMessage(), e);
        }
    }
}
