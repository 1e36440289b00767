package dev.doorbell.relay;

import io.vertx.core.Future;
import java.util.Set;

/**
 * Who may be writing to an outbox at this moment, for {@link OpenWriters}. An implementation that overlooks a writer
 * loses its rows, or publishes them out of order: it lets the relay sleep though the writer rings nobody, or gives up
 * the gap that the writer will fill.
 */
interface WriterWatch {
    /** Names of all transactions that may have drawn a seq, or rung nobody, and have not ended; before the relay sleeps. */
    Future<Set<String>> openWriters();

    /** The same, to settle a gap. */
    Future<Set<String>> gapWriters();
}
