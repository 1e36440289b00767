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

/** Collects what an {@link EventConsumer} needs; {@link #build} checks it. Not for several threads. */
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
    private ConsumerListener listener = ConsumerListener.NONE;
    private Clock clock = Clock.systemUTC();

    EventConsumerBuilder(Vertx vertx, Pool pool) {
        this.vertx = vertx;
        this.pool = pool;
    }

    public EventConsumerBuilder bootstrapServers(String servers) {
        return kafkaConfig("bootstrap.servers", servers);
    }

    /** The consumer group, and the name under which the inbox keeps its records: changing it forgets them. */
    public EventConsumerBuilder group(String name) {
        this.group = name;
        return this;
    }

    public EventConsumerBuilder topics(String... names) {
        topics.addAll(List.of(names));
        return this;
    }

    /** @throws IllegalArgumentException when the type has a handler already */
    public EventConsumerBuilder handler(String eventType, EventHandler handler) {
        if (handlers.put(eventType, handler) != null) {
            throw new IllegalArgumentException("Two handlers for " + eventType + ".");
        }
        return this;
    }

    /**
     * How long the inbox remembers, default 16 days. It must exceed {@code retention.ms + segment.ms} of every
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

    public EventConsumerBuilder listener(ConsumerListener observer) {
        this.listener = observer;
        return this;
    }

    /** A setting of the Kafka client; those that the guarantees rest on cannot be changed. */
    public EventConsumerBuilder kafkaConfig(String name, String value) {
        kafkaConfig.put(name, value);
        return this;
    }

    public EventConsumerBuilder clock(Clock source) {
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
