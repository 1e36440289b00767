package dev.doorbell.outbox;

/** What a consumer tells whoever counts. Called on the consumer's event loop: return at once, throw nothing. What a rolled-back transaction did is not told. */
public interface ConsumerListener {
    /** Tells nobody. */
    ConsumerListener NONE = new ConsumerListener() {};

    /** The handler ran and its transaction is committed. */
    default void processed(Event event) {}

    /** The inbox knew the event: nothing ran. */
    default void duplicate(Event event) {}

    /** No handler is registered for the type: nothing ran. */
    default void unhandled(String eventType) {}

    /** A transaction failed for a cause that may pass and is tried again. */
    default void retried(Throwable cause) {}

    /** A record went to {@code dead_letter}. */
    default void deadLettered(DeadLetterReason reason) {}
}
