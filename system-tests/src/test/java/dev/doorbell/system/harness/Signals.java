package dev.doorbell.system.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Signals to processes that a test has started, and what became of them. Not on Windows. */
public final class Signals {
    private Signals() {}

    /** @param name without SIG, {@code STOP} for example */
    public static void send(String name, long pid) {
        run("kill", "-" + name, Long.toString(pid));
    }

    public static boolean isStopped(long pid) {
        return run("ps", "-o", "state=", "-p", Long.toString(pid)).startsWith("T");
    }

    private static String run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return output.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
