package dev.doorbell.localstack;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One run of Keycloak's JVM: its build step, or the server. Reads its output to the end, and keeps the last lines of it. */
final class KeycloakProcess {
    private static final long POLL_NANOS = 50_000_000;

    private final Process process;
    private final OutputTail tail = new OutputTail();

    private KeycloakProcess(Process process) {
        this.process = process;
        tail.read(process, "keycloak-output", line -> false, () -> {});
    }

    /**
     * @param distribution the unpacked distribution, Keycloak's home
     * @param home whose process it is
     * @param arguments of kc.sh
     */
    static KeycloakProcess start(
            Path distribution,
            Path home,
            List<String> jvmArguments,
            Map<String, String> environment,
            List<String> arguments)
            throws IOException {
        Path temporary = Files.createDirectories(home.resolve("tmp"));
        List<String> jvm = new ArrayList<>(List.of(
                OwnedProcesses.homeArgument(home),
                "-Xmx384m",
                "-XX:MaxMetaspaceSize=256m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                // Starts in half the CPU time, as the broker does.
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Djava.io.tmpdir=" + temporary,
                // From here on what bin/kc.sh passes.
                "-Dkc.home.dir=" + distribution,
                "-Djboss.server.config.dir=" + distribution.resolve("conf"),
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dpicocli.disable.closures=true",
                "-Dquarkus-log-max-startup-records=10000",
                "-Dfile.encoding=UTF-8",
                "-Duser.language=en",
                "-Duser.country=US",
                "--enable-native-access=ALL-UNNAMED"));
        for (String opened : List.of("java.util", "java.util.concurrent", "java.security", "java.lang")) {
            jvm.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
        }
        jvm.addAll(jvmArguments);
        String classPath =
                distribution.resolve("lib").resolve("quarkus-run.jar") + File.pathSeparator + Java.ownClassPath();
        ProcessBuilder builder = Java.child(classPath, jvm, KeycloakMain.class);
        builder.command().addAll(arguments);
        // Settings meant for another Keycloak would win over ours.
        builder.environment().keySet().removeIf(name -> name.startsWith("KC_") || name.startsWith("QUARKUS_"));
        // Quarkus would end on Ctrl-C, before its clients are done.
        builder.environment().put("DISABLE_SIGNAL_HANDLERS", "true");
        builder.environment().putAll(environment);
        return new KeycloakProcess(builder.redirectErrorStream(true).start());
    }

    /** Waits for the end of a run that ends by itself. */
    void awaitEnd(Duration limit) {
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                if (process.exitValue() != 0) {
                    throw problem("ended with exit code " + process.exitValue());
                }
                return;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        kill();
        throw problem("did not end within " + limit.toSeconds() + " s");
    }

    /** Waits until the server is ready. */
    void awaitReady(BooleanSupplier ready, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!ready.getAsBoolean()) {
            if (!process.isAlive()) {
                throw problem("ended at its start");
            }
            if (System.nanoTime() - deadline > 0) {
                throw problem("has not started within " + limit.toSeconds() + " s");
            }
            if (Thread.currentThread().isInterrupted()) {
                throw problem("was not waited for: interrupted");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private LocalStackException problem(String what) {
        return new LocalStackException("keycloak: the server " + what + ": " + tail.text());
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
