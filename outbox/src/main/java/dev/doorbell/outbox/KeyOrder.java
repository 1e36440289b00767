package dev.doorbell.outbox;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** In which order the records of a batch are worked off inside its transaction: those of one key always in theirs. */
enum KeyOrder {
    /** One after the other, whatever their keys. */
    SEQUENTIAL {
        @Override
        <T> Future<Void> run(List<T> items, Function<T, Object> key, Function<T, Future<Void>> work) {
            Future<Void> done = Future.succeededFuture();
            for (T item : items) {
                done = done.compose(before -> work.apply(item));
            }
            return done;
        }
    },

    /** Those of different keys beside each other, so that their statements are pipelined on the connection. */
    PIPELINED {
        @Override
        <T> Future<Void> run(List<T> items, Function<T, Object> key, Function<T, Future<Void>> work) {
            // The first failure is the cause; those behind it only say that the transaction is aborted.
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Map<Object, Future<Void>> lastOfKey = new HashMap<>();
            for (T item : items) {
                Future<Void> before = lastOfKey.getOrDefault(key.apply(item), Future.succeededFuture());
                lastOfKey.put(
                        key.apply(item),
                        before.compose(done ->
                                        failure.get() == null ? work.apply(item) : Future.failedFuture(failure.get()))
                                .onFailure(cause -> failure.compareAndSet(null, cause)));
            }
            // All of them, also after a failure: what still ran at the rollback would write outside of the transaction.
            return Future.join(List.copyOf(lastOfKey.values()))
                    .transform(ended ->
                            failure.get() == null ? Future.succeededFuture() : Future.failedFuture(failure.get()));
        }
    };

    /** @param key null for a record without one; those count as of one key */
    abstract <T> Future<Void> run(List<T> items, Function<T, Object> key, Function<T, Future<Void>> work);
}
