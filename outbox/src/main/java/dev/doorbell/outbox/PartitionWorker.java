package dev.doorbell.outbox;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes the records of one partition in their order, a batch at a time: in one transaction, and where that fails,
 * each record in one of its own. A cause that may pass is retried for as long as it takes, since skipping would lose
 * or reorder; a record that fails for good goes to the dead letters. Runs on the consumer's event loop.
 */
final class PartitionWorker {
    private static final Logger log = LoggerFactory.getLogger(PartitionWorker.class);
    private static final int BATCH_MAX = 200;
    private static final long RETRY_MS_MIN = 50;
    private static final long RETRY_MS_MAX = 5_000;

    /** What the worker needs of the consumer around it. */
    interface Owner {
        /** Everything below {@code offset} is committed in the database. */
        void done(PartitionWorker worker, long offset);
    }

    private final Vertx vertx;
    private final Transactions transactions;
    private final BatchTransaction batchTransaction;
    private final ConsumerListener listener;
    private final Owner owner;
    private final ArrayDeque<ConsumerRecord<byte[], byte[]>> queue = new ArrayDeque<>();
    private Promise<Void> running;
    private boolean stopped;

    PartitionWorker(
            Vertx vertx,
            Transactions transactions,
            BatchTransaction batchTransaction,
            ConsumerListener listener,
            Owner owner) {
        this.vertx = vertx;
        this.transactions = transactions;
        this.batchTransaction = batchTransaction;
        this.listener = listener;
        this.owner = owner;
    }

    void add(List<ConsumerRecord<byte[], byte[]>> records) {
        queue.addAll(records);
        next();
    }

    int queued() {
        return queue.size();
    }

    /** Drops what waits and completes when the transaction in work has ended. */
    Future<Void> stop() {
        stopped = true;
        queue.clear();
        return running == null ? Future.succeededFuture() : running.future();
    }

    private void next() {
        if (running != null || queue.isEmpty() || stopped) {
            return;
        }
        running = Promise.promise();
        List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
        while (batch.size() < BATCH_MAX && !queue.isEmpty()) {
            batch.add(queue.poll());
        }
        process(batch).onComplete(result -> {
            Promise<Void> finished = running;
            running = null;
            finished.complete();
            if (result.succeeded() || stopped) {
                next();
                return;
            }
            // Going on behind it would lose it. The inbox knows which of its records are done.
            log.error("A batch ended as nobody expected and is processed again", result.cause());
            for (int i = batch.size() - 1; i >= 0; i--) {
                queue.addFirst(batch.get(i));
            }
            vertx.setTimer(RETRY_MS_MAX, timer -> next());
        });
    }

    private Future<Void> process(List<ConsumerRecord<byte[], byte[]>> batch) {
        return transactions
                .run(connection -> batchTransaction.run(connection, batch))
                .compose(
                        outcome -> {
                            outcome.tell(listener);
                            report(batch.get(batch.size() - 1));
                            return Future.succeededFuture();
                        },
                        failure -> {
                            log.debug("A batch of {} goes again one by one", batch.size(), failure);
                            return oneByOne(batch);
                        });
    }

    private Future<Void> oneByOne(List<ConsumerRecord<byte[], byte[]>> batch) {
        Future<Void> done = Future.succeededFuture();
        for (ConsumerRecord<byte[], byte[]> record : batch) {
            done = done.compose(before -> alone(record, RETRY_MS_MIN)).onSuccess(processed -> report(record));
        }
        return done;
    }

    private Future<Void> alone(ConsumerRecord<byte[], byte[]> record, long retryMs) {
        if (stopped) {
            return Future.failedFuture("stopped");
        }
        return transactions
                .run(connection -> batchTransaction.run(connection, List.of(record)))
                .compose(
                        outcome -> {
                            outcome.tell(listener);
                            return Future.succeededFuture();
                        },
                        failure -> TransientFailures.isTransient(failure)
                                ? retry(record, failure, retryMs).compose(later -> alone(record, nextDelay(retryMs)))
                                : bury(record, failure, RETRY_MS_MIN));
    }

    private Future<Void> bury(ConsumerRecord<byte[], byte[]> record, Throwable failure, long retryMs) {
        if (stopped) {
            return Future.failedFuture("stopped");
        }
        if (retryMs == RETRY_MS_MIN) {
            log.error("{} is poison and goes to the dead letters: {}", at(record), DeadLetters.describe(failure));
        }
        return transactions
                .run(connection -> batchTransaction.bury(connection, record, failure))
                .compose(
                        outcome -> {
                            outcome.tell(listener);
                            return Future.succeededFuture();
                        },
                        // Whatever keeps it from being buried, dropping it is no answer.
                        again -> retry(record, again, retryMs)
                                .compose(later -> bury(record, failure, nextDelay(retryMs))));
    }

    private Future<Void> retry(ConsumerRecord<byte[], byte[]> record, Throwable cause, long retryMs) {
        listener.retried(cause);
        log.warn("{} is tried again in {} ms: {}", at(record), retryMs, DeadLetters.describe(cause));
        Promise<Void> later = Promise.promise();
        vertx.setTimer(retryMs, timer -> later.complete());
        return later.future();
    }

    private static long nextDelay(long retryMs) {
        long doubled = Math.min(retryMs * 2, RETRY_MS_MAX);
        return doubled / 2 + ThreadLocalRandom.current().nextLong(doubled / 2) + 1;
    }

    private void report(ConsumerRecord<byte[], byte[]> last) {
        owner.done(this, last.offset() + 1);
    }

    private static String at(ConsumerRecord<byte[], byte[]> record) {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }
}
