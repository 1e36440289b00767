package dev.doorbell.customer.usecase;

/** Told what becomes of the batches, for metrics. On the event loop, which it must not block. */
public interface RegistrationListener {
    RegistrationListener NONE = new RegistrationListener() {};

    /** A batch was committed. */
    default void committed(int rows) {}

    /** PostgreSQL refused a batch, whose rows now go one by one. */
    default void repeated(int rows) {}
}
