package dev.doorbell.system.faults;

import dev.doorbell.system.faults.history.Violation;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs mixes one after the other in one world, which saves the start of everything, and in a new world after a violation
 * or when the old one has grown: what is wrong with a history stays wrong in it.
 */
final class Worlds implements AutoCloseable {
    private static final int RUNS_MAX = 8;

    private final Consumer<String> progress;
    private final Summary summary = new Summary();
    private World world;
    private int runsOfWorld;

    Worlds(Consumer<String> progress) {
        this.progress = progress;
    }

    /**
     * @return the run; its violations, if any, are kept in files and told with the way to repeat it
     * @throws IllegalStateException when the world itself cannot be run; it is closed then
     */
    MixResult run(Timetable timetable) {
        progress.accept("run " + (summary.runs() + 1) + ": " + timetable);
        MixResult result;
        try {
            if (world != null && world.keycloak().isPresent() != timetable.keycloak()) {
                close();
            }
            if (world == null) {
                world = World.start(timetable.keycloak());
            }
            result = Mix.run(world, timetable);
        } catch (RuntimeException | Error e) {
            discard();
            throw e;
        }
        boolean last = ++runsOfWorld == RUNS_MAX && result.violations().isEmpty();
        if (last) {
            result = result.with(stopInOrder());
        }
        summary.add(result);
        progress.accept("run " + summary.runs() + ": " + result.line());
        result.faults().forEach(outcome -> progress.accept("  " + outcome));
        if (!result.violations().isEmpty()) {
            progress.accept(report(result, Kept.keep(world, result)));
        }
        if (last || !result.violations().isEmpty()) {
            discard();
        }
        return result;
    }

    private List<Violation> stopInOrder() {
        return world.stop().stream()
                .map(what -> new Violation("stops-in-order", what))
                .toList();
    }

    static String report(MixResult result, Path kept) {
        StringBuilder report = new StringBuilder("VIOLATIONS of seed "
                + result.timetable().seed() + "; repeat: " + result.repeat() + "; kept in " + kept + "\n");
        result.violations()
                .forEach(violation -> report.append("  ").append(violation).append('\n'));
        return report.toString();
    }

    Summary summary() {
        return summary;
    }

    /**
     * Ends the world that is there.
     *
     * @throws AssertionError when a service of it does not stop in order
     */
    @Override
    public void close() {
        if (world == null) {
            return;
        }
        List<Violation> disorder;
        try {
            disorder = stopInOrder();
        } finally {
            discard();
        }
        summary.addAtEnd(disorder);
        if (!disorder.isEmpty()) {
            throw new AssertionError("at the end of the world: " + disorder);
        }
    }

    private void discard() {
        if (world != null) {
            world.close();
            world = null;
            runsOfWorld = 0;
        }
    }
}
