package dev.doorbell.relay;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * One producer's life: batches go to one worker in order, a batch's acknowledgement comes back in one hop when its last
 * record is acknowledged. The first failure ends it; then whoever owns it starts again from the stored cursor with
 * another one. Its methods are called from one event loop.
 */
final class Publisher {
    /** Of a partition that nothing goes to; no broker forgets a producer as fast as that. */
    private static final Duration PROVEN_FOR = Duration.ofMinutes(1);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Context context;
    private final Vertx vertx;
    private final WorkerExecutor worker;
    private final ProducerFactory factory;
    private final Handler<PublishFailure> onFailure;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Map<Long, String> unpublishable = new ConcurrentHashMap<>();
    private volatile io.vertx.kafka.client.producer.KafkaProducer<byte[], byte[]> owner;

    // Touched by the worker alone.
    private final RecordAddressing addressing;
    private final ProvenPartitions proven;

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
        this(vertx, worker, topics, factory, new ProvenPartitions(PROVEN_FOR), onFailure);
    }

    Publisher(
            Vertx vertx,
            WorkerExecutor worker,
            KafkaTopics topics,
            ProducerFactory factory,
            ProvenPartitions proven,
            Handler<PublishFailure> onFailure) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.worker = worker;
        this.addressing = new RecordAddressing(topics);
        this.factory = factory;
        this.proven = proven;
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
            List<OutgoingRecord> outgoing = addressing.address(producer, batch, this::noteUnpublishable);
            ProvenPartitions.Split split = proven.split(outgoing);
            send(producer, split.alone(), acknowledgedOne).forEach(Publisher::await);
            send(producer, split.rest(), acknowledgedOne);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private List<java.util.concurrent.Future<RecordMetadata>> send(
            Producer<byte[], byte[]> producer, List<OutgoingRecord> records, Runnable acknowledgedOne) {
        List<java.util.concurrent.Future<RecordMetadata>> acknowledgements = new ArrayList<>(records.size());
        for (OutgoingRecord outgoing : records) {
            acknowledgements.add(producer.send(outgoing.record(), callback(outgoing, acknowledgedOne)));
        }
        return acknowledgements;
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

    private Callback callback(OutgoingRecord outgoing, Runnable acknowledgedOne) {
        return (metadata, error) -> {
            if (error == null) {
                acknowledgedOne.run();
            } else {
                noteUnpublishable(outgoing.event(), error);
                fail(error);
            }
        };
    }

    /** Not authorisation and the like: those are mended outside, and the row goes through. */
    private void noteUnpublishable(OutboundEvent event, Exception error) {
        if (error instanceof RecordTooLargeException
                || error instanceof InvalidRecordException
                || error instanceof InvalidTopicException
                // Larger than a segment of the topic; small records only share the fate of the batch.
                || error instanceof RecordBatchTooLargeException && event.bytes() > ProducerFactory.BATCH_BYTES) {
            unpublishable.put(event.seq(), PublishFailure.describe(error));
        }
    }

    /**
     * Closes the producer at once, inside the callback that brought the error: one hop later, later records of the same
     * key would be in the log before this one.
     */
    private void fail(Throwable error) {
        if (!failure.compareAndSet(null, error)) {
            return;
        }
        endProducer();
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
        return vertx.executeBlocking(this::endProducer, false).compose(closed -> releaseOnWorker(Duration.ZERO));
    }

    /** Nothing leaves it any more when this returns; what it holds fails. */
    private Void endProducer() {
        if (owner != null) {
            owner.unwrap().close(Duration.ZERO);
        }
        return null;
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
