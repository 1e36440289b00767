package dev.doorbell.system.harness;

import dev.doorbell.localstack.OwnedDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One run of a fat jar as {@code java -jar} runs it, configured by its environment alone. Standard output and error go
 * to {@link #log}, a file below {@code target/system-tests} that stays until the next run of the tests.
 */
public final class ServiceProcess {
    /**
     * Short: Vert.x accepts connections a moment before its HTTP metrics are set up, and never answers a request that
     * comes within it.
     */
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(3);

    private static final int END_LIMIT_S = 60;
    private static final int LOG_TAIL_LINES = 15;
    private static final Set<String> INHERITED = Set.of("PATH", "HOME", "LANG", "SystemRoot", "TEMP", "TMP");
    private static final AtomicInteger RUNS = new AtomicInteger();

    private final ServiceJar jar;
    private final Map<String, String> environment;
    private final Process process;
    private final Path log;
    private final Path failpoints;

    private ServiceProcess(
            ServiceJar jar, Map<String, String> environment, Process process, Path log, Path failpoints) {
        this.jar = jar;
        this.environment = environment;
        this.process = process;
        this.log = log;
        this.failpoints = failpoints;
    }

    /**
     * Starts it and does not wait.
     *
     * @param owner ends the process when this JVM is gone
     * @param environment all that it finds set, beside what every process needs
     */
    public static ServiceProcess start(
            OwnedDirectory owner, ServiceJar jar, Map<String, String> environment, String... arguments) {
        Path log = logs().resolve("%02d-%s.log".formatted(RUNS.incrementAndGet(), jar.service()));
        Path failpoints = owner.path().resolve(log.getFileName() + ".failpoints");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Quick to start and small: there are up to five at a time, beside a broker, on two cores.
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // Compression libraries unpack native code there, which a killed JVM leaves behind.
                "-Djava.io.tmpdir=" + owner.path(),
                "-Ddoorbell.failpoints=" + failpoints,
                owner.jvmArgument(),
                "-jar",
                jar.path().toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().retainAll(INHERITED);
        builder.environment().putAll(environment);
        try {
            Files.createDirectories(failpoints);
            Process process = builder.start();
            process.getOutputStream().close();
            return new ServiceProcess(jar, environment, process, log, failpoints);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the logs of all runs lie. */
    public static Path logs() {
        try {
            return Files.createDirectories(ServiceJar.repository().resolve("system-tests/target/system-tests"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public ServiceJar jar() {
        return jar;
    }

    public Map<String, String> environment() {
        return environment;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Completes when it has ended. */
    public CompletableFuture<Void> onExit() {
        return process.onExit().thenAccept(ended -> {});
    }

    /** @param path begins with a slash */
    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + environment.get("HTTP_PORT") + path);
    }

    /** Waits until {@code /health/ready} answers 200; fails at once when the process ends. */
    public ServiceProcess awaitReady() {
        Waiting.until(jar.service() + " is ready")
                .failFast(jar.service() + " goes on", () -> {
                    if (!isAlive()) {
                        throw new AssertionError(jar.service() + " has ended: " + tail());
                    }
                })
                .until(this::isReady);
        return this;
    }

    /** Whether {@code /health/ready} answers 200 now. */
    public boolean isReady() {
        try {
            HttpRequest request = HttpRequest.newBuilder(uri("/health/ready"))
                    .timeout(PROBE_LIMIT)
                    .build();
            return Http.CLIENT.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notListening) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The sum of a Prometheus counter over its labels; 0 when there is none. */
    public double metric(String name) {
        return Http.get(uri("/metrics"))
                .body()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** kill -9; returns when it is gone. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** SIGSTOP: it does nothing more, and its connections stay. Returns when it stands still. Not on Windows. */
    public void freeze() {
        Signals.send("STOP", process.pid());
        awaitFrozen();
    }

    /** Waits until it stands still, by {@link #freeze} or by a failpoint. */
    public void awaitFrozen() {
        Waiting.until(jar.service() + " is frozen").until(this::isFrozen);
    }

    public boolean isFrozen() {
        return Signals.isStopped(process.pid());
    }

    /** SIGCONT: it goes on as if no time had passed. */
    public void thaw() {
        Signals.send("CONT", process.pid());
    }

    /**
     * The next pass through this place of the code ends or freezes the process; see {@link dev.doorbell.outbox.Failpoint}.
     *
     * @param action {@code kill} or {@code freeze}
     */
    public void failpoint(String name, String action) {
        try {
            // Moved into place, so that nobody reads half of it.
            Path file = Files.writeString(failpoints.resolve(name + ".new"), action);
            Files.move(file, failpoints.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the process has come to the armed place. */
    public boolean hasReached(String name) {
        return Files.notExists(failpoints.resolve(name));
    }

    /** Takes back a failpoint that was not reached. */
    public void disarm(String name) {
        try {
            Files.deleteIfExists(failpoints.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the process has come to the armed place. */
    public void awaitFailpoint(String name) {
        Waiting.until(jar.service() + " reaches " + name).until(() -> hasReached(name));
    }

    public long pid() {
        return process.pid();
    }

    /** SIGTERM; returns the exit code. */
    public int terminate() {
        process.destroy();
        return exitCode();
    }

    /** Waits for its end. */
    public int exitCode() {
        try {
            if (!process.waitFor(END_LIMIT_S, TimeUnit.SECONDS)) {
                throw new AssertionError(jar.service() + " has not ended in " + END_LIMIT_S + " s: " + tail());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public Path log() {
        return log;
    }

    /** What it has printed up to now. */
    public List<String> output() {
        try {
            return Files.readAllLines(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String tail() {
        List<String> lines = output();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
    }
}
