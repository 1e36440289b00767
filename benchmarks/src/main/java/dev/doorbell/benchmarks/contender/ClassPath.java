package dev.doorbell.benchmarks.contender;

import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.measure.BenchmarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The class path of somebody else's program, resolved by Maven when it is first asked for: such dependencies must not
 * meet ours, and the build must not need them. Which they are stands in {@code benchmarks/contenders/<name>/pom.xml}.
 */
public final class ClassPath {
    private static final int LIMIT_MINUTES = 15;

    private ClassPath() {}

    /** Takes a minute or so when it is asked for the first time on a machine, for the downloads. */
    public static String of(Lab lab, String contender) {
        Path file = lab.scratch().resolve(contender + ".classpath");
        if (Files.notExists(file)) {
            lab.report(contender + ": resolving its class path with Maven");
            resolve(lab, contender, file);
        }
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new BenchmarkException(contender + " has no class path", e);
        }
    }

    private static void resolve(Lab lab, String contender, Path file) {
        Path log = lab.scratch().resolve(contender + ".maven.log");
        List<String> command = new ArrayList<>(List.of(
                maven(),
                "-B",
                "-q",
                "-f",
                lab.root()
                        .resolve("benchmarks/contenders")
                        .resolve(contender)
                        .resolve("pom.xml")
                        .toString(),
                "dependency:build-classpath",
                "-Dmdep.outputFile=" + file));
        String repository = System.getProperty("benchmarks.repository");
        if (repository != null) {
            command.add("-Dmaven.repo.local=" + repository);
        }
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
            if (process.waitFor() != 0 || Files.notExists(file)) {
                throw new BenchmarkException(contender + " cannot be resolved: " + Files.readString(log));
            }
        } catch (IOException e) {
            throw new BenchmarkException(contender + " cannot be resolved", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted while resolving " + contender);
        }
    }

    /** The Maven that runs us, or the one on the PATH. */
    private static String maven() {
        String home = System.getProperty("benchmarks.maven");
        String program = System.getProperty("os.name").startsWith("Windows") ? "mvn.cmd" : "mvn";
        return home == null ? program : Path.of(home, "bin", program).toString();
    }
}
