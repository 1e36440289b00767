package dev.doorbell.outbox;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
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
    static final int QUEUED_MAX = 1_000;
    static final long QUEUED_BYTES_MAX = 16 * 1024 * 1024;
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
    private long queuedBytes;
    private long begunNanos;
    private long retryingSinceNanos;
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
        records.forEach(record -> queuedBytes += bytes(record));
        next();
    }

    /** So much waits that the partition should be paused. */
    boolean isFull() {
        return queue.size() >= QUEUED_MAX || queuedBytes >= QUEUED_BYTES_MAX;
    }

    /** So little waits that the partition may go on. */
    boolean isLow() {
        return queue.size() <= QUEUED_MAX / 4 && queuedBytes <= QUEUED_BYTES_MAX / 4;
    }

    private static long bytes(ConsumerRecord<byte[], byte[]> record) {
        return Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    }

    /** Drops what waits and completes when the transaction in work has ended. */
    Future<Void> stop() {
        stopped = true;
        queue.clear();
        queuedBytes = 0;
        return running == null ? Future.succeededFuture() : running.future();
    }

    private void next() {
        if (running != null || queue.isEmpty() || stopped) {
            return;
        }
        running = Promise.promise();
        begunNanos = System.nanoTime();
        List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
        while (batch.size() < BATCH_MAX && !queue.isEmpty()) {
            ConsumerRecord<byte[], byte[]> record = queue.poll();
            queuedBytes -= bytes(record);
            batch.add(record);
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
                queuedBytes += bytes(batch.get(i));
            }
            vertx.setTimer(RETRY_MS_MAX, timer -> next());
        });
    }

    private Future<Void> process(List<ConsumerRecord<byte[], byte[]>> batch) {
        return transactions
                .run(connection -> batchTransaction.run(connection, batch))
                .compose(
                        outcome -> {
                            retryingSinceNanos = 0;
                            outcome.tell(listener);
                            report(batch.get(batch.size() - 1));
                            return Future.succeededFuture();
                        },
                        failure -> {
                            log.debug("A batch of {} goes again one by one", batch.size(), failure);
                            if (TransientFailures.isTransient(failure)) {
                                noteRetry();
                            }
                            Promise<Void> done = Promise.promise();
                            oneByOne(batch, 0, done);
                            return done.future();
                        });
    }

    /** A loop of callbacks around one promise: nested futures would grow with every record and every retry. */
    private void oneByOne(List<ConsumerRecord<byte[], byte[]>> batch, int index, Promise<Void> done) {
        if (index == batch.size()) {
            done.complete();
        } else {
            Promise<Void> processed = Promise.promise();
            processed.future().onComplete(result -> {
                if (result.failed()) {
                    done.fail(result.cause());
                } else {
                    report(batch.get(index));
                    oneByOne(batch, index + 1, done);
                }
            });
            attempt(batch.get(index), RETRY_MS_MIN, processed);
        }
    }

    /**
     * Tries until the record is processed or buried. A burial that fails is followed by another try of the record: what
     * kept it from being buried may be what made it fail.
     */
    private void attempt(ConsumerRecord<byte[], byte[]> record, long retryMs, Promise<Void> done) {
        if (stopped) {
            done.fail("stopped");
            return;
        }
        transactions
                .run(connection -> batchTransaction.run(connection, List.of(record)))
                .recover(failure ->
                        TransientFailures.isTransient(failure) ? Future.failedFuture(failure) : bury(record, failure))
                .onComplete(result -> {
                    if (result.succeeded()) {
                        retryingSinceNanos = 0;
                        begunNanos = System.nanoTime();
                        result.result().tell(listener);
                        done.complete();
                    } else {
                        again(record, result.cause(), retryMs, done);
                    }
                });
    }

    private Future<BatchTransaction.Outcome> bury(ConsumerRecord<byte[], byte[]> record, Throwable failure) {
        log.error("{} is poison and goes to the dead letters: {}", at(record), DeadLetters.describe(failure));
        return transactions.run(connection -> batchTransaction.bury(connection, record, failure));
    }

    private void again(ConsumerRecord<byte[], byte[]> record, Throwable cause, long retryMs, Promise<Void> done) {
        noteRetry();
        listener.retried(cause);
        log.warn("{} is tried again in {} ms: {}", at(record), retryMs, DeadLetters.describe(cause));
        vertx.setTimer(retryMs, timer -> attempt(record, nextDelay(retryMs), done));
    }

    /** From the beginning of what failed: a database that fell silent fails it only after many seconds. */
    private void noteRetry() {
        if (retryingSinceNanos == 0) {
            retryingSinceNanos = begunNanos;
        }
    }

    /** How long the record in work has failed for causes that may pass; zero while all is well. */
    Duration retryingFor() {
        return retryingSinceNanos == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - retryingSinceNanos);
    }

    private static long nextDelay(long retryMs) {
        long doubled = Math.min(retryMs * 2, RETRY_MS_MAX);
        return doubled / 2 + ThreadLocalRandom.current().nextLong(doubled / 2) + 1;
    }

    private void report(ConsumerRecord<byte[], byte[]> last) {
        Failpoint.reached("consumer.committed");
        owner.done(this, last.offset() + 1);
    }

    private static String at(ConsumerRecord<byte[], byte[]> record) {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }
}
