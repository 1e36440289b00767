package dev.doorbell.outbox;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What happens to a batch of one partition inside its transaction: claim the ids in the inbox, look which keys are
 * parked, then the records, those of each key in their order. Nothing is told to the listener before the commit.
 */
final class BatchTransaction {
    private final String consumer;
    private final Map<String, EventHandler> handlers;
    private final Duration inboxRetention;
    private final KeyOrder keyOrder;
    private final Clock clock;
    private final DeadLetters deadLetters;

    BatchTransaction(
            String consumer,
            Map<String, EventHandler> handlers,
            Duration inboxRetention,
            KeyOrder keyOrder,
            Clock clock) {
        this.consumer = consumer;
        this.handlers = Map.copyOf(handlers);
        this.inboxRetention = inboxRetention;
        this.keyOrder = keyOrder;
        this.clock = clock;
        this.deadLetters = new DeadLetters(consumer);
    }

    /** What to tell the listener once the transaction is committed. */
    record Outcome(List<Consumer<ConsumerListener>> notices) {
        void tell(ConsumerListener listener) {
            notices.forEach(notice -> notice.accept(listener));
        }
    }

    /** @param event null for a record that is none, with {@code problem} saying why; both null for a tombstone */
    private record Item(ConsumerRecord<byte[], byte[]> record, Event event, String problem) {
        Buffer key() {
            return DeadLetters.buffer(record.key());
        }
    }

    Future<Outcome> run(SqlConnection connection, List<ConsumerRecord<byte[], byte[]>> batch) {
        List<Item> items = batch.stream().map(BatchTransaction::decode).toList();
        Outcome outcome = new Outcome(new ArrayList<>());
        return claim(connection, items)
                .compose(fresh -> parked(connection, items)
                        .compose(parked -> inOrder(connection, items, fresh, parked, outcome))
                        .map(outcome));
    }

    /** Dead-letters one record whose handler failed for good. */
    Future<Outcome> bury(SqlConnection connection, ConsumerRecord<byte[], byte[]> record, Throwable failure) {
        Item item = decode(record);
        Outcome outcome = new Outcome(new ArrayList<>());
        return claim(connection, List.of(item))
                .compose(fresh -> {
                    if (item.event() != null && !fresh.contains(item.event().id())) {
                        outcome.notices().add(listener -> listener.duplicate(item.event()));
                        return Future.succeededFuture();
                    }
                    return dead(connection, item, DeadLetterReason.POISON, DeadLetters.describe(failure), outcome);
                })
                .map(outcome);
    }

    private static Item decode(ConsumerRecord<byte[], byte[]> record) {
        if (EventDecoder.isTombstone(record)) {
            return new Item(record, null, null);
        }
        try {
            return new Item(record, EventDecoder.decode(record), null);
        } catch (UndecodableRecordException e) {
            return new Item(record, null, e.getMessage());
        }
    }

    private Future<Set<UUID>> claim(SqlConnection connection, List<Item> items) {
        UUID[] ids = items.stream()
                .filter(item -> item.event() != null && isHandled(item.event()) && !isBeyondHorizon(item.event()))
                .map(item -> item.event().id())
                .toArray(UUID[]::new);
        if (ids.length == 0) {
            return Future.succeededFuture(Set.of());
        }
        return connection
                .preparedQuery(InboxSql.CLAIM)
                .execute(Tuple.of(consumer).addArrayOfUUID(ids))
                .map(rows -> {
                    Set<UUID> fresh = new HashSet<>();
                    for (Row row : rows) {
                        fresh.add(row.getUUID(0));
                    }
                    return fresh;
                });
    }

    /** A statement of its own, after the claim: on the claim's snapshot a key that was parked meanwhile would be missed. */
    private Future<Set<Buffer>> parked(SqlConnection connection, List<Item> items) {
        Buffer[] keys = items.stream()
                .filter(item -> item.record().key() != null)
                .map(Item::key)
                .distinct()
                .toArray(Buffer[]::new);
        if (keys.length == 0) {
            return Future.succeededFuture(Set.of());
        }
        return connection
                .preparedQuery(DeadLetterSql.PARKED_AMONG)
                .execute(Tuple.of(consumer, items.get(0).record().topic()).addArrayOfBuffer(keys))
                .map(rows -> {
                    Set<Buffer> parked = new HashSet<>();
                    for (Row row : rows) {
                        parked.add(row.getBuffer(0));
                    }
                    return parked;
                });
    }

    private Future<Void> inOrder(
            SqlConnection connection, List<Item> items, Set<UUID> fresh, Set<Buffer> parked, Outcome outcome) {
        // A key that this very batch parks, and an id that it holds twice, count for the records behind them.
        Set<Buffer> parkedNow = new HashSet<>(parked);
        Set<UUID> unclaimed = new HashSet<>(fresh);
        return keyOrder.run(
                items,
                item -> item.record().key() == null ? null : item.key(),
                item -> one(connection, item, unclaimed, parkedNow, outcome));
    }

    private Future<Void> one(
            SqlConnection connection, Item item, Set<UUID> fresh, Set<Buffer> parked, Outcome outcome) {
        Event event = item.event();
        if (event == null && item.problem() == null) {
            outcome.notices().add(listener -> listener.unhandled("tombstone"));
            return Future.succeededFuture();
        }
        if (event == null) {
            if (item.record().key() != null) {
                parked.add(item.key());
            }
            return dead(connection, item, DeadLetterReason.UNDECODABLE, item.problem(), outcome);
        }
        if (!isHandled(event)) {
            outcome.notices().add(listener -> listener.unhandled(event.type()));
            return Future.succeededFuture();
        }
        if (isBeyondHorizon(event)) {
            String cause = "The event is older than the inbox remembers (" + inboxRetention.toHours() + " h).";
            return dead(connection, item, DeadLetterReason.BEYOND_DEDUPE_HORIZON, cause, outcome);
        }
        if (!fresh.remove(event.id())) {
            outcome.notices().add(listener -> listener.duplicate(event));
            return Future.succeededFuture();
        }
        if (item.record().key() != null && parked.contains(item.key())) {
            return dead(connection, item, DeadLetterReason.PARKED, null, outcome);
        }
        outcome.notices().add(listener -> listener.processed(event));
        return handlers.get(event.type()).handle(connection, event).mapEmpty();
    }

    private Future<Void> dead(
            SqlConnection connection, Item item, DeadLetterReason reason, String cause, Outcome outcome) {
        outcome.notices().add(listener -> listener.deadLettered(reason));
        return deadLetters.add(connection, item.record(), item.event(), reason, cause);
    }

    private boolean isHandled(Event event) {
        return handlers.containsKey(event.type());
    }

    private boolean isBeyondHorizon(Event event) {
        return UuidV7.timeOf(event.id()).isBefore(clock.instant().minus(inboxRetention));
    }
}
