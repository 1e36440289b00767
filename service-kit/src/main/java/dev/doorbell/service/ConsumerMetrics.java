package dev.doorbell.service;

import dev.doorbell.outbox.ConsumerListener;
import dev.doorbell.outbox.DeadLetterReason;
import dev.doorbell.outbox.Event;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Counts what an {@link dev.doorbell.outbox.EventConsumer} does. Labels are bounded: no ids, no event types of others. */
public final class ConsumerMetrics implements ConsumerListener {
    private final Clock clock;
    private final Counter processed;
    private final Counter duplicates;
    private final Counter unhandled;
    private final Counter retries;
    private final Map<DeadLetterReason, Counter> deadLetters = new EnumMap<>(DeadLetterReason.class);
    private final Timer age;

    public ConsumerMetrics(MeterRegistry registry, String group, Clock clock) {
        this.clock = clock;
        this.processed = counter(registry, group, "doorbell.consumer.processed", "events whose handler committed");
        this.duplicates = counter(registry, group, "doorbell.consumer.duplicates", "events that the inbox knew");
        this.unhandled = counter(registry, group, "doorbell.consumer.unhandled", "events without a handler");
        this.retries = counter(registry, group, "doorbell.consumer.retries", "transactions that are tried again");
        for (DeadLetterReason reason : DeadLetterReason.values()) {
            deadLetters.put(
                    reason,
                    Counter.builder("doorbell.consumer.dead.letters")
                            .description("records put into dead_letter")
                            .tag("consumer", group)
                            .tag("reason", reason.name())
                            .register(registry));
        }
        this.age = Timer.builder("doorbell.consumer.event.age")
                .description("from the event's time to its commit here")
                .tag("consumer", group)
                .register(registry);
    }

    @Override
    public void processed(Event event) {
        processed.increment();
        Duration since = Duration.between(event.time(), clock.instant());
        age.record(since.isNegative() ? Duration.ZERO : since);
    }

    @Override
    public void duplicate(Event event) {
        duplicates.increment();
    }

    @Override
    public void unhandled(String eventType) {
        unhandled.increment();
    }

    @Override
    public void retried(Throwable cause) {
        retries.increment();
    }

    @Override
    public void deadLettered(DeadLetterReason reason) {
        deadLetters.get(reason).increment();
    }

    private static Counter counter(MeterRegistry registry, String group, String name, String description) {
        return Counter.builder(name)
                .description(description)
                .tag("consumer", group)
                .register(registry);
    }
}
