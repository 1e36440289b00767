package dev.doorbell.outbox;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/** What a service does with an event of one type. */
@FunctionalInterface
public interface EventHandler {
    /**
     * Runs inside a transaction on {@code connection} that also holds the event's inbox row: do every write on it, do
     * not commit, and call no other system from here. It may run more than once for one event, but only one run
     * commits. Called on the consumer's event loop, which it must not block; it shares the {@code handlerTimeout} with
     * the other events of its batch, at most 200.
     *
     * @param connection of the transaction, shared with handlers of other keys under {@link
     *     EventConsumerBuilder#pipelined}; worthless after the returned future has ended
     * @param event its headers and payload are as the producer made them
     * @return a failure rolls the transaction back. {@link PoisonEventException}, like any failure that repeating
     *     cannot mend, dead-letters the event; lost connections, deadlocks and serialisation failures are retried
     */
    Future<?> handle(SqlConnection connection, Event event);
}
