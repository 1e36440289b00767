package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.IdentityState;
import java.time.Duration;

/** Told what becomes of the work on users, on the event loop: return at once, throw nothing. */
public interface IdentityListener {
    /** Tells nobody. */
    IdentityListener NONE = new IdentityListener() {};

    /** Work in this state is taken up. */
    default void attempted(IdentityState state) {}

    /** @param outcome the state it led to, or why it is tried again; few enough for a metric's label */
    default void ended(IdentityState state, String outcome) {}

    /** Work can be taken up. */
    default void permitted() {}

    /** Work cannot be taken up: the provider gives no permit. @param reason few enough for a metric's label */
    default void permitRefused(String reason) {}

    /** How long the oldest work has waited, looked up now and then. */
    default void oldest(Duration age) {}
}
