package dev.doorbell.outbox;

import static dev.doorbell.outbox.TestStack.get;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/** A member of the test's group with an event loop and connections of its own, as in a process of its own. */
final class TestMember implements AutoCloseable {
    final String name;
    /** Every event that this member's handler was called with. */
    final Queue<Event> handled = new ConcurrentLinkedQueue<>();
    /** Every event that this member found in the inbox. */
    final Queue<Event> repeats = new ConcurrentLinkedQueue<>();

    final EventConsumer consumer;
    private final Vertx vertx = Vertx.vertx();
    private final Pool pool;
    private volatile int frozenPartition = -1;
    private final CountDownLatch thawed = new CountDownLatch(1);
    private final CountDownLatch frozen = new CountDownLatch(1);
    private boolean closed;

    TestMember(String name, ConsumerTest test, EventHandler handler) {
        this(name, test, handler, builder -> builder);
    }

    TestMember(String name, ConsumerTest test, EventHandler handler, UnaryOperator<EventConsumerBuilder> options) {
        this.name = name;
        pool = TestStack.pool(vertx, test.databaseUrl);
        consumer = options.apply(EventConsumer.builder(vertx, pool)
                        .bootstrapServers(TestStack.bootstrapServers())
                        .group(test.group)
                        .topics(test.topic)
                        .kafkaConfig("client.id", name)
                        .handler(TestEvent.TYPE, (connection, event) -> {
                            handled.add(event);
                            return handler.handle(connection, event);
                        })
                        .listener(new Watcher()))
                .build();
    }

    TestMember start() {
        get(consumer.start());
        return this;
    }

    /** Stands still when the next transaction with an event of the partition is committed, until {@link #thaw}. */
    void freezeAfterCommitOf(int partition) {
        frozenPartition = partition;
    }

    void awaitFrozen() throws InterruptedException {
        frozen.await();
    }

    void thaw() {
        thawed.countDown();
    }

    Future<Void> stop() {
        return consumer.stop();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            thaw();
            get(stop());
            get(pool.close());
            get(vertx.close());
        }
    }

    private final class Watcher implements ConsumerListener {
        @Override
        public void processed(Event event) {
            if (event.partition() != frozenPartition) {
                return;
            }
            frozen.countDown();
            try {
                thawed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void duplicate(Event event) {
            repeats.add(event);
        }
    }
}
