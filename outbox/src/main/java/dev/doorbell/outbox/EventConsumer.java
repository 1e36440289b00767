package dev.doorbell.outbox;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.kafka.client.common.TopicPartition;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.consumer.KafkaConsumerRecords;
import io.vertx.kafka.client.consumer.OffsetAndMetadata;
import io.vertx.sqlclient.Pool;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * <p>Threads: everything runs on the event loop on which {@link #start} was called; handlers must not block it.
 * Limits: 1,000 records or 16 MiB wait in memory per partition, then the partition is paused;
 * a partition in work takes one connection of the pool.
 *
 * <p>The pool's sessions should set {@code idle_in_transaction_session_timeout} and {@code tcp_user_timeout}: a member
 * that is frozen inside its transaction otherwise blocks its successor on the inbox row.
 */
public final class EventConsumer {
    private static final Logger log = LoggerFactory.getLogger(EventConsumer.class);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);
    private static final long TOPIC_CHECK_MS = 250;
    private static final long RETRY_MS = 1_000;

    /** Collects what a consumer needs; {@link #build} checks it. */
    public static final class Builder {
        private final Vertx vertx;
        private final Pool pool;
        private final Map<String, EventHandler> handlers = new HashMap<>();
        private final Map<String, String> kafkaConfig = new HashMap<>();
        private final Set<String> topics = new LinkedHashSet<>();
        private String group;
        private Duration inboxRetention = Duration.ofDays(16);
        private boolean allowUnboundedTopics;
        private Duration handlerTimeout = Duration.ofSeconds(8);
        private ConsumerListener listener = ConsumerListener.NONE;
        private Clock clock = Clock.systemUTC();

        private Builder(Vertx vertx, Pool pool) {
            this.vertx = vertx;
            this.pool = pool;
        }

        public Builder bootstrapServers(String servers) {
            return kafkaConfig("bootstrap.servers", servers);
        }

        /** The consumer group, and the name under which the inbox keeps its records: changing it forgets them. */
        public Builder group(String name) {
            this.group = name;
            return this;
        }

        public Builder topics(String... names) {
            topics.addAll(List.of(names));
            return this;
        }

        /** @throws IllegalArgumentException when the type has a handler already */
        public Builder handler(String eventType, EventHandler handler) {
            if (handlers.put(eventType, handler) != null) {
                throw new IllegalArgumentException("Two handlers for " + eventType + ".");
            }
            return this;
        }

        /**
         * How long the inbox remembers, default 16 days. It must exceed {@code retention.ms + segment.ms} of every
         * topic, or a record could outlive the memory of having been processed; checked before consuming.
         */
        public Builder inboxRetention(Duration duration) {
            this.inboxRetention = duration;
            return this;
        }

        /** Consumes infinite or compacted topics too, where no retention of the inbox is long enough. */
        public Builder allowUnboundedTopics() {
            this.allowUnboundedTopics = true;
            return this;
        }

        /**
         * How long one transaction of handlers may take before it is rolled back and tried again; default 8 s. Below the
         * sessions' {@code idle_in_transaction_session_timeout}, which would end it less kindly.
         */
        public Builder handlerTimeout(Duration duration) {
            this.handlerTimeout = duration;
            return this;
        }

        public Builder listener(ConsumerListener observer) {
            this.listener = observer;
            return this;
        }

        /** A setting of the Kafka client; those that the guarantees rest on cannot be changed. */
        public Builder kafkaConfig(String name, String value) {
            kafkaConfig.put(name, value);
            return this;
        }

        public Builder clock(Clock source) {
            this.clock = source;
            return this;
        }

        /** @throws IllegalArgumentException naming the option that is missing or wrong */
        public EventConsumer build() {
            return new EventConsumer(
                    vertx,
                    pool,
                    new ConsumerOptions(
                            group,
                            topics,
                            handlers,
                            kafkaConfig,
                            inboxRetention,
                            allowUnboundedTopics,
                            handlerTimeout,
                            listener,
                            clock));
        }
    }

    private final Vertx vertx;
    private final ConsumerOptions options;
    private final Transactions transactions;
    private final BatchTransaction batchTransaction;
    private final ReplayTransaction replayTransaction;
    private final KafkaTopics kafka;
    private final InboxPruner pruner;
    private final Map<TopicPartition, PartitionWorker> workers = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> toCommit = new HashMap<>();
    private final Set<TopicPartition> paused = new HashSet<>();
    private final Set<String> subscribed = new HashSet<>();
    private final Promise<Void> started = Promise.promise();
    private Context context;
    private KafkaConsumer<byte[], byte[]> consumer;
    private Promise<Void> loopEnded;
    private long pollFailingSinceNanos;
    private boolean stopping;

    private EventConsumer(Vertx vertx, Pool pool, ConsumerOptions options) {
        this.vertx = vertx;
        this.options = options;
        this.transactions = new Transactions(pool, options.handlerTimeout().toMillis());
        this.batchTransaction =
                new BatchTransaction(options.group(), options.handlers(), options.inboxRetention(), options.clock());
        this.replayTransaction = new ReplayTransaction(options.group(), options.handlers());
        this.kafka = new KafkaTopics(vertx, options.kafkaConfig());
        this.pruner = new InboxPruner(vertx, pool, options.group(), options.inboxRetention(), options.clock());
    }

    public static Builder builder(Vertx vertx, Pool pool) {
        return new Builder(vertx, pool);
    }

    /**
     * Begins to consume. A broker or topic that is not there yet is waited for, for as long as it takes.
     *
     * @return completes when the first topic is subscribed; fails, and the consumer does nothing, when a topic keeps
     *     its records for longer than the inbox remembers
     */
    public Future<Void> start() {
        context = vertx.getOrCreateContext();
        context.runOnContext(go -> {
            pruner.start();
            subscribeExisting();
        });
        return started.future();
    }

    /** Finishes the transactions in work, commits their offsets and leaves the group. */
    public Future<Void> stop() {
        Promise<Void> stopped = Promise.promise();
        if (context == null) {
            return Future.succeededFuture();
        }
        context.runOnContext(go -> {
            stopping = true;
            pruner.stop();
            List<Future<Void>> inWork = new ArrayList<>();
            workers.values().forEach(worker -> inWork.add(worker.stop()));
            Future.join(inWork)
                    .transform(ended -> loopEnded == null ? Future.succeededFuture() : loopEnded.future())
                    .compose(ended -> commit())
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
     * @return how many records were replayed; fails with the first handler's failure, and that record and those behind
     *     it stay where they are
     */
    public Future<Integer> replay(String topic, String key) {
        Promise<Integer> done = Promise.promise();
        replayNext(topic, bytes(key), 0, done);
        return done.future();
    }

    private void replayNext(String topic, Buffer key, int replayed, Promise<Integer> done) {
        transactions
                .run(connection -> replayTransaction.next(connection, topic, key))
                .onSuccess(one -> {
                    if (one) {
                        replayNext(topic, key, replayed + 1, done);
                    } else {
                        done.complete(replayed);
                    }
                })
                .onFailure(done::fail);
    }

    /**
     * Removes the first dead-lettered record of a key without running it: for one that can never be processed. Those
     * behind it are then replayed by {@link #replay}.
     *
     * @return whether there was one; if not, the key is released
     */
    public Future<Boolean> discardFirst(String topic, String key) {
        return transactions.run(connection -> replayTransaction.discardFirst(connection, topic, bytes(key)));
    }

    private static Buffer bytes(String key) {
        return Buffer.buffer(key.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * How long some partition has not got on because its record, or the poll itself, fails for a cause that may pass;
     * zero while all is well. Call it on the consumer's event loop.
     */
    public Duration stalledFor() {
        Duration longest = pollFailingSinceNanos == 0
                ? Duration.ZERO
                : Duration.ofNanos(System.nanoTime() - pollFailingSinceNanos);
        for (PartitionWorker worker : workers.values()) {
            Duration retrying = worker.retryingFor();
            longest = retrying.compareTo(longest) > 0 ? retrying : longest;
        }
        return longest;
    }

    /** The lag of the whole group, and whether the broker answers at all. */
    public ConsumerLag lag() {
        return new ConsumerLag(kafka, options.topics(), options.group());
    }

    private void subscribeExisting() {
        if (stopping) {
            return;
        }
        kafka.existing(options.topics())
                .compose(existing -> {
                    Set<String> fresh = new HashSet<>(existing);
                    fresh.removeAll(subscribed);
                    return fresh.isEmpty() ? Future.succeededFuture() : subscribe(existing, fresh);
                })
                .onComplete(result -> {
                    if (result.cause() instanceof InboxHorizonException) {
                        log.error(
                                "{} does not consume: {}",
                                options.group(),
                                result.cause().getMessage());
                        started.tryFail(result.cause());
                    } else if (result.failed()) {
                        log.warn(
                                "Kafka does not answer, next try in {} ms: {}",
                                RETRY_MS,
                                result.cause().getMessage());
                        vertx.setTimer(RETRY_MS, timer -> subscribeExisting());
                    } else if (subscribed.size() < options.topics().size()) {
                        vertx.setTimer(TOPIC_CHECK_MS, timer -> subscribeExisting());
                    }
                });
    }

    private Future<Void> subscribe(Set<String> existing, Set<String> fresh) {
        List<Future<Void>> checks = new ArrayList<>();
        fresh.forEach(topic -> checks.add(checkHorizon(topic)));
        return Future.all(checks)
                .compose(checked -> consumer())
                .compose(client -> client.subscribe(existing))
                .onSuccess(done -> {
                    subscribed.addAll(existing);
                    log.info("{} consumes {}", options.group(), subscribed);
                    started.tryComplete();
                    if (loopEnded == null) {
                        loopEnded = Promise.promise();
                        poll();
                    }
                });
    }

    private Future<Void> checkHorizon(String topic) {
        return kafka.retention(topic).compose(retention -> {
            boolean remembered = retention == null
                    ? options.allowUnboundedTopics()
                    : options.inboxRetention().compareTo(retention) > 0;
            return remembered
                    ? Future.succeededFuture()
                    : Future.failedFuture(new InboxHorizonException(topic, retention, options.inboxRetention()));
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
                    consumer.partitionsRevokedHandler(revoked -> revoked.forEach(this::forget));
                });
    }

    private void poll() {
        if (stopping) {
            loopEnded.tryComplete();
            return;
        }
        consumer.poll(POLL_TIMEOUT)
                .compose(this::dispatch)
                .compose(dispatched -> commit())
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
        if (stopping) {
            // Nobody would wait for what is begun now. The offsets are not committed, the records come again.
            return Future.succeededFuture();
        }
        polled.records().partitions().forEach(partition -> {
            TopicPartition key = new TopicPartition(partition.topic(), partition.partition());
            workers.computeIfAbsent(key, this::worker).add(polled.records().records(partition));
        });
        Set<TopicPartition> full = new HashSet<>();
        workers.forEach((partition, worker) -> {
            if (worker.isFull() && !paused.contains(partition)) {
                full.add(partition);
            }
        });
        if (full.isEmpty()) {
            return Future.succeededFuture();
        }
        // Partitions are paused, not the stream: a stream that does not poll is thrown out of its group.
        return consumer.pause(full).onSuccess(done -> paused.addAll(full));
    }

    private PartitionWorker worker(TopicPartition partition) {
        return new PartitionWorker(vertx, transactions, batchTransaction, options.listener(), (worker, offset) -> {
            // The worker of a partition that was taken away may still finish: its successor counts.
            if (workers.get(partition) == worker) {
                toCommit.put(partition, new OffsetAndMetadata(offset, ""));
            }
        });
    }

    private void forget(TopicPartition partition) {
        PartitionWorker worker = workers.remove(partition);
        if (worker != null) {
            worker.stop();
        }
        toCommit.remove(partition);
        paused.remove(partition);
    }

    /** Explicit offsets only: a bare commit would cover what was polled and is still in work. */
    private Future<Void> commit() {
        Future<Void> resumed = resumeDrained();
        if (toCommit.isEmpty()) {
            return resumed;
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(toCommit);
        toCommit.clear();
        return resumed.compose(go -> consumer.commit(offsets)).<Void>mapEmpty().otherwise(error -> {
            // The inbox makes a repeat harmless. What is still ours is tried again with the next round.
            log.info("Offsets were not committed, their records may come again: {}", error.getMessage());
            offsets.forEach((partition, offset) -> {
                if (workers.containsKey(partition)) {
                    toCommit.putIfAbsent(partition, offset);
                }
            });
            return null;
        });
    }

    private Future<Void> resumeDrained() {
        Set<TopicPartition> drained = new HashSet<>();
        paused.forEach(partition -> {
            if (workers.containsKey(partition) && workers.get(partition).isLow()) {
                drained.add(partition);
            }
        });
        return drained.isEmpty()
                ? Future.succeededFuture()
                : consumer.resume(drained).onSuccess(done -> paused.removeAll(drained));
    }
}
