package dev.doorbell.system.faults;

import java.nio.file.Path;
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
            if (world == null) {
                world = World.start();
            }
            result = Mix.run(world, timetable);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
        summary.add(result);
        progress.accept("run " + summary.runs() + ": " + result.line());
        result.faults().forEach(outcome -> progress.accept("  " + outcome));
        if (!result.violations().isEmpty()) {
            Path kept = Kept.keep(world, result);
            progress.accept(report(result, kept));
            close();
        } else if (++runsOfWorld == RUNS_MAX) {
            close();
        }
        return result;
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

    @Override
    public void close() {
        if (world != null) {
            world.close();
            world = null;
            runsOfWorld = 0;
        }
    }
}
