package dev.doorbell.system.faults;

import dev.doorbell.system.harness.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** What a run with violations leaves in {@code target/faults/SEED} for whoever looks into it. */
final class Kept {
    private Kept() {}

    /** Where all runs leave things. */
    static Path directory() {
        return ServiceProcess.logs().resolveSibling("faults");
    }

    /** @return where it lies */
    static Path keep(World world, MixResult result) {
        Path directory = directory().resolve(Long.toString(result.timetable().seed()));
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("timetable.txt"), result.timetable() + result.line() + "\n");
            Files.write(
                    directory.resolve("faults.txt"),
                    result.faults().stream().map(Object::toString).toList());
            Files.write(
                    directory.resolve("violations.txt"),
                    result.violations().stream().map(Object::toString).toList());
            // The logs are named after the services, not after their instances.
            Files.write(
                    directory.resolve("processes.txt"),
                    world.members().stream().flatMap(Kept::processes).toList());
            world.calls().write(directory.resolve("calls.jsonl"));
            for (Path log : logs(world)) {
                Files.copy(log, directory.resolve(log.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> processes(Member member) {
        return member.runs().stream()
                .map(run -> member.name() + ": process " + run.pid() + ", "
                        + run.log().getFileName());
    }

    private static List<Path> logs(World world) {
        return Stream.concat(
                        world.members().stream()
                                .flatMap(member -> member.runs().stream())
                                .map(ServiceProcess::log),
                        world.serverLogs().stream())
                .filter(Files::exists)
                .toList();
    }
}
