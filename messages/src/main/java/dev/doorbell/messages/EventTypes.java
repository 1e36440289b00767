package dev.doorbell.messages;

/** The CloudEvents {@code type} of every event of the registration saga. */
public final class EventTypes {
    public static final String CUSTOMER_PENDING_REGISTRATION = "CustomerPendingRegistrationEvent";
    public static final String CUSTOMER_REGISTERED = "CustomerRegisteredEvent";
    public static final String CUSTOMER_NOT_REGISTERED = "CustomerNotRegisteredEvent";
    public static final String CUSTOMER_REGISTRATION_DEAD_LOCK = "CustomerRegistrationDeadLockEvent";
    public static final String PAYMENT_AUTHORIZED = "PaymentAuthorizedEvent";
    public static final String PAYMENT_NOT_AUTHORIZED = "PaymentNotAuthorizedEvent";
    public static final String PAYMENT_REVERSED = "PaymentReversedEvent";

    private EventTypes() {}
}
