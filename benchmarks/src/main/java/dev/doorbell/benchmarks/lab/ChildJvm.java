package dev.doorbell.benchmarks.lab;

import dev.doorbell.benchmarks.measure.BenchmarkException;
import dev.doorbell.localstack.OwnedDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** One measured program: a JVM of its own, whose CPU time and memory are its own too. */
public final class ChildJvm implements AutoCloseable {
    private static final Set<String> INHERITED = Set.of("PATH", "HOME", "LANG", "SystemRoot", "TEMP", "TMP");
    private static final int END_LIMIT_S = 20;
    private static final int TAIL_LINES = 12;

    private final String name;
    private final Process process;
    private final Path log;

    private ChildJvm(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts it and does not wait.
     *
     * @param owner ends the process when this JVM is gone
     * @param log where its output goes, behind what is there
     * @param arguments of {@code java}: the options, the jar or class, its arguments
     */
    static ChildJvm start(
            String name, OwnedDirectory owner, Path log, Map<String, String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                owner.jvmArgument(),
                // Compression libraries unpack native code there, which a killed JVM leaves behind.
                "-Djava.io.tmpdir=" + owner.path()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().retainAll(INHERITED);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return new ChildJvm(name, process, log);
        } catch (IOException e) {
            throw new BenchmarkException(name + " cannot be started", e);
        }
    }

    public long pid() {
        return process.pid();
    }

    /** @throws BenchmarkException with the end of its log when it has ended */
    public void requireAlive() {
        if (!process.isAlive()) {
            throw new BenchmarkException(name + " has ended with code " + process.exitValue() + ": " + tail());
        }
    }

    /** Waits for its end; returns all that it printed. */
    List<String> output(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new BenchmarkException(name + " has not ended in " + limit.toSeconds() + " s");
            }
            if (process.exitValue() != 0) {
                requireAlive();
            }
            return Files.readAllLines(log);
        } catch (IOException e) {
            throw new BenchmarkException(name + " left no output", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted while " + name + " ran");
        } finally {
            close();
        }
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "its log cannot be read: " + e.getMessage();
        }
    }

    /** In order if it ends within a while, by force if not. Does nothing the second time. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(END_LIMIT_S, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        process.onExit().join();
    }
}
