package dev.doorbell.messages;

/** Aggregate types and the topics that the relay derives from them by its default template. */
public final class Topics {
    public static final String CUSTOMER_AGGREGATE = "customer";
    public static final String PAYMENT_AGGREGATE = "payment";
    public static final String CUSTOMER = "outbox.event." + CUSTOMER_AGGREGATE;
    public static final String PAYMENT = "outbox.event." + PAYMENT_AGGREGATE;

    private Topics() {}
}
