package dev.doorbell.benchmarks.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * CPU time and memory of processes by {@code /proc} (proc(5)): on Linux alone, elsewhere nothing is known. CPU time
 * counts in ticks of 10 ms, which is what the kernel shows to programs whatever its own resolution.
 */
public final class ProcessUsage {
    private static final double TICKS_PER_SECOND = 100;
    private static final int PARENT = 1;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int CHILDREN_USER_TICKS = 13;
    private static final int CHILDREN_SYSTEM_TICKS = 14;
    private static final double KIB_PER_MIB = 1024;

    private final Path proc;

    public ProcessUsage() {
        this(Path.of("/proc"));
    }

    ProcessUsage(Path proc) {
        this.proc = proc;
    }

    /** CPU seconds of the process up to now. */
    public OptionalDouble cpuSeconds(long pid) {
        List<String> stat = stat(pid);
        return stat.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(own(stat) / TICKS_PER_SECOND);
    }

    /** Of the process, its children, and those children that have ended: PostgreSQL's, whose backends come and go. */
    public OptionalDouble cpuSecondsWithChildren(long pid) {
        List<String> stat = stat(pid);
        if (stat.isEmpty()) {
            return OptionalDouble.empty();
        }
        double ticks = own(stat) + number(stat, CHILDREN_USER_TICKS) + number(stat, CHILDREN_SYSTEM_TICKS);
        for (long child : children(pid)) {
            List<String> of = stat(child);
            ticks += of.isEmpty() ? 0 : own(of);
        }
        return OptionalDouble.of(ticks / TICKS_PER_SECOND);
    }

    /** The most resident memory that the process has had, in MiB. */
    public OptionalDouble peakMemoryMib(long pid) {
        try (Stream<String> lines = Files.lines(proc.resolve(Long.toString(pid)).resolve("status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / KIB_PER_MIB)
                    .findFirst();
        } catch (IOException | java.io.UncheckedIOException gone) {
            return OptionalDouble.empty();
        }
    }

    private List<Long> children(long pid) {
        List<Long> children = new ArrayList<>();
        try (Stream<Path> entries = Files.list(proc)) {
            entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches("\\d+"))
                    .map(Long::parseLong)
                    .filter(candidate -> {
                        List<String> stat = stat(candidate);
                        return !stat.isEmpty() && number(stat, PARENT) == pid;
                    })
                    .forEach(children::add);
        } catch (IOException notLinux) {
            return List.of();
        }
        return children;
    }

    /** The fields behind the command, which stands in brackets and may itself hold blanks and brackets. */
    private List<String> stat(long pid) {
        try {
            String line = Files.readString(proc.resolve(Long.toString(pid)).resolve("stat"));
            return List.of(line.substring(line.lastIndexOf(')') + 2).split(" "));
        } catch (IOException | IndexOutOfBoundsException gone) {
            return List.of();
        }
    }

    private static double own(List<String> stat) {
        return number(stat, USER_TICKS) + number(stat, SYSTEM_TICKS);
    }

    private static double number(List<String> stat, int field) {
        return Double.parseDouble(stat.get(field).trim());
    }
}
