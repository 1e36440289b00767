package dev.doorbell.benchmarks.scenario;

import dev.doorbell.benchmarks.contender.Contender;
import dev.doorbell.benchmarks.measure.Figures;
import java.util.Map;

/**
 * How often our relay looked at its table, fell asleep, was woken and polled in its sleep, up to a moment; nothing for
 * whoever counts none.
 */
record SleepCount(Map<String, Double> counters, long nanoTime) {
    private static final double NANOS_PER_SECOND = 1e9;

    static SleepCount now(Contender.Running running) {
        return new SleepCount(running.counters(), System.nanoTime());
    }

    /** What happened since then: looks and polls of the sleeping relay per second, sleeps and rings per event. */
    void put(Figures figures, SleepCount since, long events) {
        if (counters.isEmpty()) {
            return;
        }
        double slept = grown(since, "sleeps_attempted") - grown(since, "sleeps_ended_early");
        double seconds = (nanoTime - since.nanoTime) / NANOS_PER_SECOND;
        figures.put("looks_per_s", grown(since, "reads") / seconds);
        figures.put("sleeps_per_event", slept / events);
        figures.put("wake_ups_per_event", grown(since, "wakeups") / events);
        figures.put("polls_asleep_per_s", grown(since, "polls_asleep") / seconds);
    }

    private double grown(SleepCount since, String name) {
        String counter = "doorbell_relay_" + name;
        return counters.getOrDefault(counter, 0.0) - since.counters.getOrDefault(counter, 0.0);
    }
}
