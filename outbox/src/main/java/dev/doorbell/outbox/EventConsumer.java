package dev.doorbell.outbox;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.consumer.KafkaConsumerRecords;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes events so that each takes effect once: the handler's writes and the event's inbox row commit in one
 * transaction, and only then is the offset committed. Events of one key run in their order.
 *
 * <p>Guarantees, when every write of a handler goes through the connection it is given: no event is lost, a repeat has
 * no second effect for as long as the inbox remembers ({@code inboxRetention}, counted from the event's own time), and
 * an older one is dead-lettered instead of run. A handler that fails for good puts the record into {@code dead_letter}
 * and parks its key; other keys go on.
 *
 * <p>Errors: a cause that may pass (a lost connection, a deadlock, a missing grant) is retried for as long as it lasts,
 * with growing pauses, and holds up its partition; {@link #stalledFor} tells. Any other failure of a handler is for good.
 *
 * <p>A group's instances share one database, where the inbox is, and each takes part of the partitions.
 *
 * <p>Threads: everything runs on the event loop on which {@link #start} was called, or on a new one when that was none;
 * handlers must not block it. The methods may be called from any thread, but for {@link #stalledFor}.
 * Limits: 1,000 records or 16 MiB wait in memory per partition, then the partition is paused;
 * a partition in work takes one connection of the pool.
 *
 * <p>The pool's sessions should set {@code idle_in_transaction_session_timeout} and {@code tcp_user_timeout}: a member
 * that is frozen inside its transaction otherwise blocks its successor on the inbox row.
 */
public final class EventConsumer {
    private static final Logger log = LoggerFactory.getLogger(EventConsumer.class);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);
    private static final long RETRY_MS = 1_000;

    private final Vertx vertx;
    private final ConsumerOptions options;
    private final DeadLetterReplay deadLetterReplay;
    private final KafkaTopics kafka;
    private final InboxPruner pruner;
    private final AssignedPartitions partitions;
    private final TopicSubscription subscription;
    private Context context;
    private KafkaConsumer<byte[], byte[]> consumer;
    private Promise<Void> loopEnded;
    private long pollFailingSinceNanos;
    private boolean stopping;

    EventConsumer(Vertx vertx, Pool pool, ConsumerOptions options) {
        this.vertx = vertx;
        this.options = options;
        Transactions transactions =
                new Transactions(pool, options.handlerTimeout().toMillis());
        BatchTransaction batchTransaction = new BatchTransaction(
                options.group(), options.handlers(), options.inboxRetention(), options.keyOrder(), options.clock());
        this.deadLetterReplay =
                new DeadLetterReplay(transactions, new ReplayTransaction(options.group(), options.handlers()));
        this.kafka = new KafkaTopics(vertx, options.kafkaConfig());
        this.pruner = new InboxPruner(vertx, pool, options.group(), options.inboxRetention(), options.clock());
        this.partitions = new AssignedPartitions(
                owner -> new PartitionWorker(vertx, transactions, batchTransaction, options.listener(), owner));
        this.subscription = new TopicSubscription(vertx, options, kafka, this::subscribe);
    }

    /**
     * The way to make one.
     *
     * @param pool of the database that holds the inbox; stays the caller's to close, after {@link #stop}
     */
    public static EventConsumerBuilder builder(Vertx vertx, Pool pool) {
        return new EventConsumerBuilder(vertx, pool);
    }

    /**
     * Begins to consume. A broker or topic that is not there yet is waited for, for as long as it takes; so do not hold
     * up a service's own start for it: the relay makes a topic with its first event. Call it once.
     *
     * @return completes when the first topic is subscribed; fails, and the consumer does nothing, when a topic keeps
     *     its records for longer than the inbox remembers. A topic that is made later and does so is logged and not
     *     consumed, and {@link #stalledFor} tells, until its retention is mended; the other topics are consumed
     */
    public Future<Void> start() {
        context = vertx.getOrCreateContext();
        context.runOnContext(go -> {
            pruner.start();
            subscription.start();
        });
        return subscription.started();
    }

    /**
     * Finishes the transactions in work, commits their offsets and leaves the group, so that its other members take over
     * at once. Nothing depends on it: after a crash they do so at the end of the session time-out, and repeat what was
     * not committed. It cannot be started again.
     *
     * @return completes when all of that is done; a transaction in work may take {@code handlerTimeout}
     */
    public Future<Void> stop() {
        Promise<Void> stopped = Promise.promise();
        if (context == null) {
            return Future.succeededFuture();
        }
        context.runOnContext(go -> {
            stopping = true;
            pruner.stop();
            subscription.stop();
            partitions
                    .stop()
                    .transform(ended -> loopEnded == null ? Future.succeededFuture() : loopEnded.future())
                    .compose(ended -> partitions.commit(consumer))
                    .transform(committed -> consumer == null ? Future.succeededFuture() : consumer.close())
                    .transform(closed -> kafka.close())
                    .onComplete(stopped);
        });
        return stopped.future();
    }

    /**
     * Runs the dead-lettered records of a key through their handlers, in their order and each in a transaction of its
     * own, and releases the key when none is left. Does not need a started consumer; other instances may consume
     * meanwhile.
     *
     * @param topic where the records came from
     * @param key the record's key, the aggregate's id, as text of UTF-8
     * @return how many records were replayed, 0 when there was none; fails with the first handler's failure, and that
     *     record and those behind it stay where they are
     */
    public Future<Integer> replay(String topic, String key) {
        return deadLetterReplay.replay(topic, key);
    }

    /**
     * Removes the first dead-lettered record of a key without running it: for one that can never be processed. Those
     * behind it are then replayed by {@link #replay}.
     *
     * @param topic where the records came from
     * @param key the record's key, as for {@link #replay}
     * @return whether there was one; if not, the key is released
     */
    public Future<Boolean> discardFirst(String topic, String key) {
        return deadLetterReplay.discardFirst(topic, key);
    }

    /**
     * How long some partition has not got on because its record, or the poll itself, fails for a cause that may pass, or
     * a topic was refused; zero while all is well. Call it on the consumer's event loop.
     */
    public Duration stalledFor() {
        return Stream.of(since(pollFailingSinceNanos), subscription.refusedFor(), partitions.retryingFor())
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** The lag of the whole group, and whether the broker answers at all. Does not need a started consumer. */
    public ConsumerLag lag() {
        return new ConsumerLag(kafka, options.topics(), options.group());
    }

    static Duration since(long nanos) {
        return nanos == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - nanos);
    }

    private Future<Void> subscribe(Set<String> topics) {
        return consumer().compose(client -> client.subscribe(topics)).onSuccess(done -> {
            if (loopEnded == null) {
                loopEnded = Promise.promise();
                poll();
            }
        });
    }

    /** Its constructor resolves host names, hence the worker thread; its callbacks come to this context. */
    private Future<KafkaConsumer<byte[], byte[]>> consumer() {
        if (consumer != null) {
            return Future.succeededFuture(consumer);
        }
        return vertx.executeBlocking(() -> KafkaConsumer.<byte[], byte[]>create(vertx, options.kafkaConfig()), false)
                .onSuccess(created -> {
                    if (stopping) {
                        created.close();
                        return;
                    }
                    consumer = created;
                    consumer.partitionsRevokedHandler(partitions::revoked);
                });
    }

    private void poll() {
        if (stopping) {
            loopEnded.tryComplete();
            return;
        }
        consumer.poll(POLL_TIMEOUT)
                .compose(this::dispatch)
                .compose(dispatched -> partitions.resumeDrained(consumer))
                .compose(resumed -> partitions.commit(consumer))
                .onComplete(result -> {
                    if (result.succeeded() || stopping) {
                        pollFailingSinceNanos = 0;
                        poll();
                    } else {
                        pollFailingSinceNanos = pollFailingSinceNanos == 0 ? System.nanoTime() : pollFailingSinceNanos;
                        log.warn(
                                "{} cannot poll, next try in {} ms: {}",
                                options.group(),
                                RETRY_MS,
                                result.cause().getMessage());
                        vertx.setTimer(RETRY_MS, timer -> poll());
                    }
                });
    }

    private Future<Void> dispatch(KafkaConsumerRecords<byte[], byte[]> polled) {
        // At a stop nobody would wait for what is begun now. The offsets are not committed, the records come again.
        return stopping ? Future.succeededFuture() : partitions.dispatch(consumer, polled);
    }
}
