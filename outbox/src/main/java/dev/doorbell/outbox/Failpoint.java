package dev.doorbell.outbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A named place in the code where a test can end or freeze this process, between two steps that a crash may separate.
 * Does nothing, at the cost of reading a constant, unless the JVM was started with
 * {@code -Ddoorbell.failpoints=DIRECTORY}; then the first pass that finds a file {@code DIRECTORY/NAME} deletes it and
 * does what its text says:
 *
 * <ul>
 *   <li>{@code kill}: the process halts at once with exit code 137, as after kill -9; no shutdown hook runs
 *   <li>{@code freeze}: the process stops itself with SIGSTOP, until somebody sends SIGCONT (not on Windows)
 * </ul>
 *
 * <p>For tests alone, also those of services built on this library: it looks for the file on the thread that passes,
 * which may be an event loop. From any thread.
 */
public final class Failpoint {
    private static final String PROPERTY = "doorbell.failpoints";
    private static final int EXIT_CODE = 137;
    private static final int FREEZE_LIMIT_S = 5;
    private static final Path DIRECTORY =
            System.getProperty(PROPERTY) == null ? null : Path.of(System.getProperty(PROPERTY));

    private Failpoint() {}

    /**
     * The code has come here.
     *
     * @throws IllegalStateException when the file asks for something else; only with the property set
     */
    public static void reached(String name) {
        if (DIRECTORY != null) {
            act(name);
        }
    }

    private static void act(String name) {
        Path file = DIRECTORY.resolve(name);
        if (Files.notExists(file)) {
            return;
        }
        try {
            String action = Files.readString(file).strip();
            // Of several threads, or processes with one directory, only one meets it.
            if (!Files.deleteIfExists(file)) {
                return;
            }
            switch (action) {
                case "kill" -> Runtime.getRuntime().halt(EXIT_CODE);
                case "freeze" -> freeze();
                default -> throw new IllegalStateException("failpoint " + name + ": kill or freeze, not " + action);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The JVM cannot send itself a signal. */
    private static void freeze() throws IOException, InterruptedException {
        new ProcessBuilder(
                        "kill", "-STOP", Long.toString(ProcessHandle.current().pid()))
                .inheritIO()
                .start()
                .waitFor(FREEZE_LIMIT_S, TimeUnit.SECONDS);
    }
}
