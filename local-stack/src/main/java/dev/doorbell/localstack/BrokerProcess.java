package dev.doorbell.localstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One run of the broker's JVM. Reads its output to the end, and keeps the last lines of it. */
final class BrokerProcess {
    private final Process process;
    private final Path log;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final OutputTail tail = new OutputTail();

    private BrokerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static BrokerProcess start(Path home, List<String> jvmArguments) throws IOException {
        Path log = home.resolve("broker.log");
        // Compression libraries unpack native code there, which a killed JVM leaves behind.
        Path temporary = Files.createDirectories(home.resolve("tmp"));
        List<String> arguments = new ArrayList<>(List.of(
                OwnedProcesses.homeArgument(home),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Djava.io.tmpdir=" + temporary,
                "-Djava.awt.headless=true",
                // Read by logback alone, and first of all; without it the output below is all there is.
                "-Dlogback.configurationFile=dev/doorbell/localstack/broker-logback.xml",
                "-Dlocal-stack.log=" + log));
        arguments.addAll(jvmArguments);
        ProcessBuilder builder = Java.child(Java.classPath(), arguments, BrokerMain.class);
        BrokerProcess broker =
                new BrokerProcess(builder.redirectErrorStream(true).start(), log);
        broker.tail.read(
                broker.process,
                "kafka-broker-output",
                broker::isReady,
                () -> broker.started.completeExceptionally(new IOException("the broker has ended")));
        return broker;
    }

    private boolean isReady(String line) {
        boolean ready = line.equals(BrokerMain.READY);
        if (ready) {
            started.complete(null);
        }
        return ready;
    }

    /** Waits until the broker says that it has started. */
    void awaitStarted(Duration limit) {
        String problem;
        try {
            started.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return;
        } catch (ExecutionException ended) {
            problem = "the broker ended at its start";
        } catch (TimeoutException late) {
            problem = "the broker has not started within " + limit.toSeconds() + " s";
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            problem = "interrupted while the broker started";
        }
        String lines = tail.text();
        throw new LocalStackException(
                "kafka: " + problem + ": " + (lines.isEmpty() ? LogTail.read(log, 0) : lines) + " (log: " + log + ")");
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** In order; by force if that takes too long. */
    void stop() {
        EndOfInput.stop(process);
    }

    void kill() {
        EndOfInput.kill(process);
    }
}
