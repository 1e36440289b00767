package dev.doorbell.benchmarks.lab;

import dev.doorbell.benchmarks.measure.BenchmarkException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A program of the machine, {@code pgbench} for one. */
final class Program {
    private Program() {}

    static List<String> run(
            String name, Map<String, String> environment, List<String> command, Set<Process> running, Duration limit) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(variable -> variable.startsWith("PG"));
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new BenchmarkException(name + " cannot be started", e);
        }
        running.add(process);
        try (BufferedReader output = process.inputReader()) {
            process.getOutputStream().close();
            List<String> lines = output.lines().toList();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
                throw new BenchmarkException(name + " failed: " + String.join("\n", lines));
            }
            return lines;
        } catch (IOException | UncheckedIOException e) {
            throw new BenchmarkException(name + " was ended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted while " + name + " ran");
        } finally {
            process.destroyForcibly();
            running.remove(process);
        }
    }
}
