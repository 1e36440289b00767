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

    private static final String SCHEMA_VERSION = "1";

    private EventTypes() {}

    /**
     * CloudEvents {@code dataschema} of a type: its payload's version. It changes only when a reader of the old payload
     * could not read the new one; a field that is added does not change it.
     */
    public static String dataSchema(String type) {
        return "urn:doorbell:schema:" + type + ":" + SCHEMA_VERSION;
    }
}
