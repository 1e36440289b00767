package dev.doorbell.outbox;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects what an {@link EventConsumer} needs; {@link #build} checks it. For one thread. */
public final class EventConsumerBuilder {
    private final Vertx vertx;
    private final Pool pool;
    private final Map<String, EventHandler> handlers = new HashMap<>();
    private final Map<String, String> kafkaConfig = new HashMap<>();
    private final Set<String> topics = new LinkedHashSet<>();
    private String group;
    private Duration inboxRetention = Duration.ofDays(16);
    private boolean allowUnboundedTopics;
    private Duration handlerTimeout = Duration.ofSeconds(8);
    private KeyOrder keyOrder = KeyOrder.SEQUENTIAL;
    private ConsumerListener listener = ConsumerListener.NONE;
    private Clock clock = Clock.systemUTC();

    EventConsumerBuilder(Vertx vertx, Pool pool) {
        this.vertx = vertx;
        this.pool = pool;
    }

    /** Where Kafka is, as {@code host:port,host:port}. Required. */
    public EventConsumerBuilder bootstrapServers(String servers) {
        return kafkaConfig("bootstrap.servers", servers);
    }

    /**
     * The consumer group, and the name under which the inbox keeps its records: a new name is a new consumer, which begins
     * with the oldest records. Required.
     */
    public EventConsumerBuilder group(String name) {
        this.group = name;
        return this;
    }

    /** Topics to consume, by default {@code outbox.event.<aggregateType>}; adds to those given before. At least one. */
    public EventConsumerBuilder topics(String... names) {
        topics.addAll(List.of(names));
        return this;
    }

    /**
     * What to do with events of a type. At least one is required; events of other types are skipped.
     *
     * @throws IllegalArgumentException when the type has a handler already
     */
    public EventConsumerBuilder handler(String eventType, EventHandler handler) {
        if (handlers.put(eventType, handler) != null) {
            throw new IllegalArgumentException("Two handlers for " + eventType + ".");
        }
        return this;
    }

    /**
     * How long the inbox remembers, default 16 days, at least a minute. It must exceed {@code retention.ms + segment.ms} of every
     * topic, or a record could outlive the memory of having been processed; checked before consuming.
     */
    public EventConsumerBuilder inboxRetention(Duration duration) {
        this.inboxRetention = duration;
        return this;
    }

    /** Consumes infinite or compacted topics too, where no retention of the inbox is long enough. */
    public EventConsumerBuilder allowUnboundedTopics() {
        this.allowUnboundedTopics = true;
        return this;
    }

    /**
     * How long one transaction of handlers may take before it is rolled back and tried again; default 8 s. Below the
     * sessions' {@code idle_in_transaction_session_timeout}, which would end it less kindly.
     */
    public EventConsumerBuilder handlerTimeout(Duration duration) {
        this.handlerTimeout = duration;
        return this;
    }

    /**
     * Runs the handlers of different keys of a batch beside each other, on the one connection of its transaction, so that
     * the statements of one do not wait for the results of another. Those of one key still run one after the other. Off by
     * default, when all do.
     *
     * <p>Only for handlers that read and write nothing beyond what belongs to their event's key: two that read a row and
     * then write it would both have read it as it was before, and no lock keeps a transaction from itself.
     */
    public EventConsumerBuilder pipelined() {
        this.keyOrder = KeyOrder.PIPELINED;
        return this;
    }

    /** Who is told what becomes of the records; one, nobody by default. */
    public EventConsumerBuilder listener(ConsumerListener observer) {
        this.listener = observer;
        return this;
    }

    /**
     * A setting of the Kafka client, for its consumer and its admin client alike. Those that the guarantees rest on cannot
     * be changed: {@code group.id}, {@code enable.auto.commit}, {@code auto.offset.reset},
     * {@code allow.auto.create.topics}, {@code isolation.level} and the deserialisers are set over it in silence.
     */
    public EventConsumerBuilder kafkaConfig(String name, String value) {
        kafkaConfig.put(name, value);
        return this;
    }

    /** Tells which events are older than the inbox remembers; the system's by default. */
    public EventConsumerBuilder clock(Clock source) {
        this.clock = source;
        return this;
    }

    /**
     * A consumer that does nothing yet. Opens no connection.
     *
     * @throws IllegalArgumentException naming the option that is missing or wrong
     */
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
                        keyOrder,
                        listener,
                        clock));
    }
}
