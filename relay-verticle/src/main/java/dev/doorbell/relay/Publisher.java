package dev.doorbell.relay;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.utils.Utils;

/**
 * One producer's life: batches go to one worker in order, a batch's acknowledgement comes back in one hop when its last
 * record is acknowledged. The first failure ends it; then whoever owns it starts again from the stored cursor with
 * another one. Its methods are called from one event loop.
 */
final class Publisher {
    /** Topics known to exist; past it all are asked for again. */
    private static final int TOPICS_MAX = 10_000;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Context context;
    private final Vertx vertx;
    private final WorkerExecutor worker;
    private final KafkaTopics topics;
    private final ProducerFactory factory;
    private final Handler<PublishFailure> onFailure;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Map<Long, String> unpublishable = new ConcurrentHashMap<>();
    private volatile io.vertx.kafka.client.producer.KafkaProducer<byte[], byte[]> owner;

    // Touched by the worker alone.
    private final Set<String> knownTopics = new HashSet<>();
    private final Set<TopicPartition> proven = new HashSet<>();

    /**
     * @param worker of one thread, which keeps the order of the batches
     * @param onFailure called once, on the caller's context, when the producer is closed after a failure
     */
    Publisher(
            Vertx vertx,
            WorkerExecutor worker,
            KafkaTopics topics,
            ProducerFactory factory,
            Handler<PublishFailure> onFailure) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.worker = worker;
        this.topics = topics;
        this.factory = factory;
        this.onFailure = onFailure;
    }

    /** Completes when every record is acknowledged, and never when the publisher fails before. */
    Future<Void> publish(List<OutboundEvent> batch) {
        Promise<Void> acknowledged = Promise.promise();
        AtomicInteger remaining = new AtomicInteger(batch.size());
        Runnable acknowledgedOne = () -> {
            if (remaining.decrementAndGet() == 0) {
                context.runOnContext(hop -> acknowledged.complete());
            }
        };
        worker.executeBlocking(
                        () -> {
                            send(batch, acknowledgedOne);
                            return null;
                        },
                        false)
                // An Error, of a codec's native library for one: unheard, nothing would ever be sent again.
                .onFailure(this::fail);
        return acknowledged.future();
    }

    private void send(List<OutboundEvent> batch, Runnable acknowledgedOne) {
        if (failure.get() != null) {
            return;
        }
        try {
            Producer<byte[], byte[]> producer = producer();
            List<Outgoing> outgoing = addressed(producer, batch);
            for (Outgoing record : proveFirst(producer, outgoing, acknowledgedOne)) {
                producer.send(record.record(), callback(record.seq(), acknowledgedOne));
            }
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private record Outgoing(long seq, ProducerRecord<byte[], byte[]> record) {
        TopicPartition partition() {
            return new TopicPartition(record.topic(), record.partition());
        }
    }

    private Producer<byte[], byte[]> producer() {
        if (owner == null) {
            owner = factory.create(vertx);
            // Abandoned in the meantime: whoever did it saw nothing to close.
            if (failure.get() != null) {
                throw new KafkaException("abandoned");
            }
        }
        return owner.unwrap();
    }

    /**
     * Chooses each record's partition, as Kafka's default partitioner does for a key, because {@link #proveFirst} has to
     * know it before the record is sent.
     */
    private List<Outgoing> addressed(Producer<byte[], byte[]> producer, List<OutboundEvent> batch) {
        Map<String, Integer> partitionsByTopic = new HashMap<>();
        List<Outgoing> outgoing = new ArrayList<>(batch.size());
        for (OutboundEvent event : batch) {
            Integer partitions = partitionsByTopic.get(event.topic());
            if (partitions == null) {
                partitions = partitions(producer, event);
                partitionsByTopic.put(event.topic(), partitions);
            }
            int partition = Utils.toPositive(Utils.murmur2(event.key())) % partitions;
            outgoing.add(new Outgoing(
                    event.seq(),
                    new ProducerRecord<>(event.topic(), partition, null, event.key(), event.value(), event.headers())));
        }
        return outgoing;
    }

    /** Creates the topic when it is missing (an unknown one blocks send) and waits for its metadata. */
    private int partitions(Producer<byte[], byte[]> producer, OutboundEvent event) {
        try {
            if (!knownTopics.contains(event.topic())) {
                topics.require(event.topic());
                if (knownTopics.size() >= TOPICS_MAX) {
                    knownTopics.clear();
                }
                knownTopics.add(event.topic());
            }
            return producer.partitionsFor(event.topic()).size();
        } catch (InvalidTopicException e) {
            unpublishable.put(event.seq(), PublishFailure.describe(e));
            throw e;
        }
    }

    /**
     * A new idempotent producer's second request to a partition can be accepted before its first (KAFKA-15591). So until
     * a partition has acknowledged this producer once, one record goes to it alone.
     *
     * @return the records not sent yet, in order
     */
    private List<Outgoing> proveFirst(
            Producer<byte[], byte[]> producer, List<Outgoing> outgoing, Runnable acknowledgedOne) {
        Map<TopicPartition, Outgoing> first = new LinkedHashMap<>();
        List<Outgoing> rest = new ArrayList<>(outgoing.size());
        for (Outgoing record : outgoing) {
            TopicPartition partition = record.partition();
            if (proven.contains(partition) || first.putIfAbsent(partition, record) != null) {
                rest.add(record);
            }
        }
        if (first.isEmpty()) {
            return rest;
        }
        List<java.util.concurrent.Future<RecordMetadata>> acknowledgements = new ArrayList<>();
        first.values()
                .forEach(record ->
                        acknowledgements.add(producer.send(record.record(), callback(record.seq(), acknowledgedOne))));
        acknowledgements.forEach(Publisher::await);
        proven.addAll(first.keySet());
        return rest;
    }

    private static void await(java.util.concurrent.Future<RecordMetadata> acknowledgement) {
        try {
            // Bounded by delivery.timeout.ms.
            acknowledgement.get();
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }

    private Callback callback(long seq, Runnable acknowledgedOne) {
        return (metadata, error) -> {
            if (error == null) {
                acknowledgedOne.run();
                return;
            }
            if (isPermanent(error)) {
                unpublishable.put(seq, PublishFailure.describe(error));
            }
            fail(error);
        };
    }

    /** Not authorisation and the like: those are mended outside, and the row goes through. */
    private static boolean isPermanent(Throwable error) {
        return error instanceof RecordTooLargeException
                || error instanceof InvalidRecordException
                || error instanceof InvalidTopicException;
    }

    /**
     * Closes the producer at once, inside the callback that brought the error: one hop later, later records of the same
     * key would be in the log before this one.
     */
    private void fail(Throwable error) {
        if (!failure.compareAndSet(null, error)) {
            return;
        }
        if (owner != null) {
            owner.unwrap().close(Duration.ZERO);
        }
        // Behind whatever the worker is doing: the producer's thread has ended then, and every callback has run.
        context.runOnContext(hop -> releaseOnWorker(Duration.ZERO)
                .onComplete(released -> onFailure.handle(new PublishFailure(error, unpublishable))));
    }

    /** Stops in order; call it when nothing is in flight. */
    Future<Void> close() {
        failure.compareAndSet(null, new KafkaException("closed"));
        return releaseOnWorker(CLOSE_TIMEOUT);
    }

    /** Stops as fast as possible, without a word to {@code onFailure}: the leadership is gone. */
    Future<Void> abandon() {
        failure.compareAndSet(null, new KafkaException("abandoned"));
        // Not behind the worker, which may be waiting for an acknowledgement that the close ends.
        return vertx.<Void>executeBlocking(
                        () -> {
                            if (owner != null) {
                                owner.unwrap().close(Duration.ZERO);
                            }
                            return null;
                        },
                        false)
                .compose(closed -> releaseOnWorker(Duration.ZERO));
    }

    private Future<Void> releaseOnWorker(Duration timeout) {
        return worker.executeBlocking(
                () -> {
                    if (owner != null) {
                        owner.unwrap().close(timeout);
                        // The wrapper is registered with the verticle's context and would be kept until that ends.
                        owner.close(1);
                    }
                    return null;
                },
                false);
    }
}
