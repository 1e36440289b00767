package dev.doorbell.localstack;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a short-lived program to its end. */
final class Command {
    private Command() {}

    /**
     * Runs the program and returns its exit code; ends it by force and throws when it takes longer than the limit.
     *
     * @param output where its standard output and error go: a file and no pipe, because a server that the program
     *     starts would inherit the pipe and keep it open; null for nowhere
     */
    static int run(Path output, Duration limit, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(
                output == null
                        ? ProcessBuilder.Redirect.DISCARD
                        : ProcessBuilder.Redirect.appendTo(new File(output.toString())));
        // PGDATA, PGPORT and their like would change what the programs do.
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new IOException("interrupted while waiting for " + name(command));
        }
        process.destroyForcibly();
        throw new IOException(name(command) + " did not end within " + limit.toSeconds() + " s");
    }

    private static String name(List<String> command) {
        return Path.of(command.get(0)).getFileName().toString();
    }
}
