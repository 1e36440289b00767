package dev.doorbell.system.faults;

import dev.doorbell.system.faults.ServerFault.Action;
import dev.doorbell.system.faults.history.Load;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How long one fault holds registrations up, under a steady load and with nothing else wrong. See {@link HeldUp} for what
 * is measured.
 */
final class Recovery {
    /** No registration is rejected meanwhile: each is as late as it is. */
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    private static final int CLIENTS = 8;
    private static final double PER_SECOND = 20;
    private static final Duration DOWN = Duration.ofSeconds(3);
    private static final Duration FROZEN = Duration.ofSeconds(15);
    /** Until then the standby has long taken over; then the frozen leader comes back as a zombie. */
    private static final Duration LEADER_FROZEN = Duration.ofSeconds(30);

    /** A freeze or a restart takes half a minute or more: for so many kills there is one of these. */
    private static final int KILLS_PER_OTHER = 5;

    private final World world;
    private final int times;
    private final Consumer<String> progress;
    private final Map<String, List<Duration>> measured = new LinkedHashMap<>();

    private Recovery(World world, int times, Consumer<String> progress) {
        this.world = world;
        this.times = times;
        this.progress = progress;
    }

    /** Runs everything, prints the table and writes {@code target/faults/recovery.json}. */
    static void measure(int times, Consumer<String> progress) {
        if (times < 1) {
            throw new IllegalArgumentException("recovery is measured at least once, not " + times + " times");
        }
        try (World world = World.start(DEADLINE, false)) {
            Recovery recovery = new Recovery(world, times, progress);
            try (Load load = Load.start(world.customers(), world.calls(), 1, CLIENTS, PER_SECOND)) {
                recovery.run();
                load.end();
            }
            progress.accept(recovery.table());
            Summary.write(Kept.directory().resolve("recovery.json"), recovery.json());
        }
    }

    private void run() {
        series("kill -9 customer service", () -> kill("customer-1"));
        series("kill -9 payment service", () -> kill("payment-1"));
        series("kill -9 relay, with a standby", () -> kill(World.LEADER));
        world.member("relay-2").stop();
        series("kill -9 relay, alone", () -> kill("relay-1"));
        world.member("relay-2").start();
        rare("freeze customer service, from SIGCONT", () -> fromEnd(freeze("customer-1", FROZEN)));
        rare("freeze payment service, from SIGCONT", () -> fromEnd(freeze("payment-1", FROZEN)));
        rare("freeze relay, with a standby, from SIGSTOP", () -> fromBegin(freeze(World.LEADER, LEADER_FROZEN)));
        rare("broker restart, from its return", () -> fromEnd(new ServerFault(Action.BROKER_KILL, DOWN)));
        rare("PostgreSQL restart, from its return", () -> fromEnd(new ServerFault(Action.POSTGRES_KILL, DOWN)));
    }

    private static ServiceFault freeze(String service, Duration lasts) {
        return new ServiceFault(ServiceFault.Action.FREEZE, service, lasts);
    }

    private interface Measurement {
        Duration once();
    }

    private void series(String name, Measurement measurement) {
        series(name, times, measurement);
    }

    private void rare(String name, Measurement measurement) {
        series(name, Math.max(1, times / KILLS_PER_OTHER), measurement);
    }

    private void series(String name, int repetitions, Measurement measurement) {
        List<Duration> series = measured.computeIfAbsent(name, key -> new ArrayList<>());
        for (int i = 1; i <= repetitions; i++) {
            HeldUp.awaitSteady(world);
            Duration took = measurement.once();
            series.add(took);
            progress.accept(
                    String.format(Locale.ROOT, "%s, %d of %d: %.2f s", name, i, repetitions, took.toMillis() / 1000.0));
        }
    }

    private Duration kill(String service) {
        return fromBegin(new ServiceFault(ServiceFault.Action.KILL, service, Duration.ZERO));
    }

    private Duration fromBegin(Fault fault) {
        HeldUp heldUp = HeldUp.since(world);
        strike(fault);
        return heldUp.await();
    }

    /** What was held up before its end is counted from its end. */
    private Duration fromEnd(Fault fault) {
        HeldUp heldUp = HeldUp.since(world);
        strike(fault);
        return heldUp.countFromNow().await();
    }

    private void strike(Fault fault) {
        fault.begin(world);
        Pause.of(fault.lasts());
        fault.end(world);
        if (!fault.hit()) {
            throw new AssertionError(fault.kind() + " on " + fault.target() + " did not hit");
        }
    }

    private String table() {
        StringBuilder table = new StringBuilder();
        measured.forEach((name, series) -> table.append(String.format(
                Locale.ROOT,
                "%-46s %3d times: p50 %6.2f s, p99 %6.2f s, max %6.2f s%n",
                name,
                series.size(),
                Percentiles.seconds(series, 50),
                Percentiles.seconds(series, 99),
                Percentiles.seconds(series, 100))));
        return table.toString();
    }

    private JsonObject json() {
        JsonObject json = new JsonObject();
        measured.forEach((name, series) -> json.put(
                name,
                new JsonObject()
                        .put("times", series.size())
                        .put("p50Seconds", Percentiles.seconds(series, 50))
                        .put("p99Seconds", Percentiles.seconds(series, 99))
                        .put("maxSeconds", Percentiles.seconds(series, 100))));
        return json;
    }
}
