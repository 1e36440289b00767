package dev.doorbell.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The meters of one source, labelled with its name alone. Gauges are written by its event loop and read by a scrape. */
final class RelayMetrics {
    final Counter reads;
    final Counter eventsPublished;
    final Counter publishFailures;
    final Counter deadLetters;
    final Counter lateEvents;
    final Counter reconnects;
    final Counter eventsRemoved;
    final Counter wakeUpsByNotification;
    final Counter wakeUpsByPoll;
    final Counter pollsAsleep;
    final Counter sleepsAttempted;
    final Counter sleepsEndedEarly;
    final AtomicInteger leader = new AtomicInteger();
    final AtomicInteger asleep = new AtomicInteger();
    final AtomicInteger batchesInFlight = new AtomicInteger();
    final AtomicInteger openGaps = new AtomicInteger();
    private final AtomicLong lagEvents = new AtomicLong();
    private volatile double lagSeconds = Double.NaN;

    RelayMetrics(MeterRegistry registry, String source) {
        reads = counter(registry, source, "doorbell.relay.reads", "Looks at the outbox table, with rows or without");
        eventsPublished = counter(
                registry, source, "doorbell.relay.events.published", "Events that Kafka has acknowledged, repeats too");
        publishFailures =
                counter(registry, source, "doorbell.relay.publish.failures", "Sends that failed and were begun again");
        deadLetters =
                counter(registry, source, "doorbell.relay.dead.letters", "Events dead-lettered or parked behind one");
        lateEvents =
                counter(registry, source, "doorbell.relay.late.events", "Events found in a gap that had been given up");
        reconnects = counter(registry, source, "doorbell.relay.reconnects", "Sessions opened after the first one");
        eventsRemoved =
                counter(registry, source, "doorbell.relay.events.removed", "Published rows removed by the retention");
        wakeUpsByNotification = wakeUps(registry, source, "notification");
        wakeUpsByPoll = wakeUps(registry, source, "fallback_poll");
        pollsAsleep = counter(
                registry,
                source,
                "doorbell.relay.polls.asleep",
                "Times that the sleeping relay looked by itself: its fallback poll");
        sleepsAttempted =
                counter(registry, source, "doorbell.relay.sleeps.attempted", "Times that nothing was left to read");
        sleepsEndedEarly = counter(
                registry, source, "doorbell.relay.sleeps.ended.early", "Attempts to sleep that rows or a ring ended");
        gauge(
                registry,
                source,
                "doorbell.relay.asleep",
                "1 while the relay sleeps, and writers ring for it",
                asleep::get);
        gauge(registry, source, "doorbell.relay.leader", "1 while this process leads the source", leader::get);
        gauge(
                registry,
                source,
                "doorbell.relay.batches.in.flight",
                "Batches sent, not acknowledged",
                batchesInFlight::get);
        gauge(registry, source, "doorbell.relay.open.gaps", "Ranges of seq that may still be committed", openGaps::get);
        gauge(
                registry,
                source,
                "doorbell.relay.lag.events",
                "Unpublished rows, counted to 100,000; NaN on a standby",
                () -> Double.isNaN(lagSeconds) ? Double.NaN : lagEvents.get());
        gauge(
                registry,
                source,
                "doorbell.relay.lag.seconds",
                "Age of the oldest unpublished row; NaN on a standby",
                () -> lagSeconds);
    }

    void lag(long events, double seconds) {
        lagEvents.set(events);
        lagSeconds = seconds;
    }

    /** Only a leader knows how far behind it is and what it has in work. */
    void leading(boolean leading) {
        leader.set(leading ? 1 : 0);
        asleep.set(0);
        batchesInFlight.set(0);
        openGaps.set(0);
        lagSeconds = Double.NaN;
    }

    private static Counter wakeUps(MeterRegistry registry, String source, String cause) {
        return Counter.builder("doorbell.relay.wakeups")
                .description("Times that the sleeping relay was woken, by what")
                .tag("source", source)
                .tag("cause", cause)
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String source, String name, String description) {
        return Counter.builder(name)
                .description(description)
                .tag("source", source)
                .register(registry);
    }

    private static void gauge(
            MeterRegistry registry,
            String source,
            String name,
            String description,
            java.util.function.Supplier<Number> value) {
        Gauge.builder(name, value)
                .description(description)
                .tag("source", source)
                .register(registry);
    }
}
