package dev.doorbell.localstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The processes that work in a home directory, found without having been told their ids: a JVM that is killed between
 * the start of a process and the note of its id must leave nothing either.
 */
final class OwnedProcesses {
    static final String HOME_PROPERTY = "doorbell.home";
    private static final long END_POLL_NANOS = 5_000_000;
    private static final List<String> DATA_DIRECTORIES = List.of("data", PostgresServer.UNFINISHED);

    private OwnedProcesses() {}

    static String homeArgument(Path home) {
        return "-D" + HOME_PROPERTY + "=" + home;
    }

    static Set<ProcessHandle> of(Path home) {
        Set<ProcessHandle> found = new LinkedHashSet<>();
        postmaster(home).ifPresent(found::add);
        broker(home).ifPresent(found::add);
        long self = ProcessHandle.current().pid();
        // Windows gives no arguments of other processes; there the two files above have to do.
        ProcessHandle.allProcesses()
                .filter(process -> process.pid() != self)
                .filter(process ->
                        process.info().arguments().map(a -> names(a, home)).orElse(false))
                .forEach(found::add);
        return found;
    }

    /** By whole arguments: an editor with one of our files open is not ours. */
    private static boolean names(String[] arguments, Path home) {
        List<String> list = Arrays.asList(arguments);
        int dataDirectory = list.indexOf("-D") + 1;
        return list.contains(homeArgument(home))
                || dataDirectory > 0
                        && dataDirectory < list.size()
                        && DATA_DIRECTORIES.stream()
                                .anyMatch(name -> list.get(dataDirectory)
                                        .equals(home.resolve(name).toString()));
    }

    /** The running postmaster, if its pid file names one; a stale file may name a process that is something else. */
    static Optional<ProcessHandle> postmaster(Path home) {
        return firstLine(home.resolve("data").resolve("postmaster.pid"))
                .flatMap(line -> ProcessHandle.of(Long.parseLong(line.trim())))
                .filter(process -> process.info()
                        .command()
                        .map(path -> Path.of(path).getFileName().toString().startsWith("postgres"))
                        .orElse(false));
    }

    static void noteBroker(Path home) throws IOException {
        ProcessHandle self = ProcessHandle.current();
        Files.writeString(brokerFile(home), self.pid() + " " + startOf(self) + "\n");
    }

    private static Optional<ProcessHandle> broker(Path home) {
        return firstLine(brokerFile(home)).flatMap(line -> {
            String[] parts = line.split(" ");
            return ProcessHandle.of(Long.parseLong(parts[0]))
                    .filter(process -> parts.length == 2 && startOf(process).equals(parts[1]));
        });
    }

    private static Path brokerFile(Path home) {
        return home.resolve("broker.pid");
    }

    private static String startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("unknown");
    }

    private static Optional<String> firstLine(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst().filter(line -> line.matches("\\d+.*"));
        } catch (IOException | java.io.UncheckedIOException absent) {
            return Optional.empty();
        }
    }

    /** Ends the processes and all that descend from them by force, and waits for their end: true if all are gone. */
    static boolean kill(Set<ProcessHandle> processes, Duration limit) {
        List<ProcessHandle> all = processes.stream()
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        return awaitEnd(all, limit);
    }

    /** True if all have ended within the limit. */
    static boolean awaitEnd(List<ProcessHandle> processes, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!processes.stream().allMatch(OwnedProcesses::hasEnded)) {
            if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(END_POLL_NANOS);
        }
        return true;
    }

    /**
     * Also when nobody has collected its exit code: pg_ctl leaves the postmaster to process 1, and in a container that is
     * often a program that collects none. {@link ProcessHandle#onExit} would wait for ever there.
     */
    static boolean hasEnded(ProcessHandle process) {
        if (!process.isAlive()) {
            return true;
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
        } catch (IOException notLinuxOrJustEnded) {
            return !process.isAlive();
        }
    }
}
