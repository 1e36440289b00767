package dev.doorbell.system.faults;

import dev.doorbell.system.faults.Timetable.Planned;
import dev.doorbell.system.faults.history.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes the faults of a timetable begin and end at their times, each on a thread of its own. */
final class Conductor implements AutoCloseable {
    /** A server that comes back to a loaded machine may take its time; more means that the harness itself is stuck. */
    private static final Duration OVERTIME_MAX = Duration.ofSeconds(120);

    private final World world;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Run> runs = new ArrayList<>();
    private final long startNanos = System.nanoTime();

    private Conductor(World world) {
        this.world = world;
    }

    /**
     * @param violations why it could not begin or not be undone
     * @param begun when it had begun, since the begin of the load; later than planned where it had to wait
     * @param ended when it was undone
     */
    record Outcome(Fault fault, boolean hit, List<Violation> violations, Duration begun, Duration ended) {
        Outcome {
            violations = List.copyOf(violations);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%-36s %-22s begun at %5.1f s, ended at %5.1f s, %s%s",
                    fault.kind(),
                    fault.target(),
                    begun.toMillis() / 1000.0,
                    ended.toMillis() / 1000.0,
                    hit ? "hit" : "MISSED",
                    violations.isEmpty() ? "" : ": " + violations);
        }
    }

    private record Begun(List<Violation> violations, Duration at) {}

    private record Run(Planned planned, CompletableFuture<Outcome> outcome) {}

    /** Time runs from now. */
    static Conductor start(World world, List<Planned> faults) {
        Conductor conductor = new Conductor(world);
        for (Planned planned : faults) {
            conductor.runs.add(new Run(planned, conductor.play(planned)));
        }
        return conductor;
    }

    private CompletableFuture<Outcome> play(Planned planned) {
        Fault fault = planned.fault();
        return CompletableFuture.supplyAsync(() -> begin(fault), after(planned.at()))
                // Ended whatever the begin came to: it may have got half way.
                .thenApplyAsync(begun -> end(fault, begun), after(fault.lasts()));
    }

    private Executor after(Duration delay) {
        return CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, threads);
    }

    private Begun begin(Fault fault) {
        List<Violation> violations = attempt("fault-could-not-begin", fault, () -> fault.begin(world));
        return new Begun(violations, elapsed());
    }

    private Outcome end(Fault fault, Begun begun) {
        List<Violation> violations = new ArrayList<>(begun.violations());
        violations.addAll(attempt("fault-could-not-end", fault, () -> fault.end(world)));
        return new Outcome(fault, violations.isEmpty() && fault.hit(), violations, begun.at(), elapsed());
    }

    /** A run whose faults were not those that were drawn must not pass for one that they did no harm to. */
    private static List<Violation> attempt(String name, Fault fault, Runnable attempt) {
        try {
            attempt.run();
            return List.of();
        } catch (RuntimeException | Error e) {
            return List.of(new Violation(name, fault.kind() + " on " + fault.target() + ": " + e));
        }
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /**
     * Waits until all have ended.
     *
     * @throws IllegalStateException when one does not end: then nothing that comes after means anything
     */
    List<Outcome> await() {
        List<Outcome> outcomes = new ArrayList<>();
        for (Run run : runs) {
            Duration limit = run.planned().end().plus(OVERTIME_MAX);
            try {
                outcomes.add(run.outcome().get(limit.toMillis(), TimeUnit.MILLISECONDS));
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException(run.planned().fault().kind() + " does not end", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        return outcomes;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
