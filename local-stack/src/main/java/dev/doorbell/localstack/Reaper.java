package dev.doorbell.localstack;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * This JVM's side of the reaper: one small child JVM that outlives this one, however it ends, and clears the estates
 * registered here. It runs only while there are any.
 */
final class Reaper {
    private static final Map<Path, Estate> ESTATES = new LinkedHashMap<>();
    private static final int EXIT_LIMIT_SECONDS = 5;
    private static Process process;
    private static Writer pipe;

    private Reaper() {}

    /** To be called BEFORE the directory is made and the server is started. */
    static synchronized void register(Estate estate) {
        ESTATES.put(estate.home(), estate);
        try {
            if (process == null || !process.isAlive()) {
                start();
                for (Estate known : ESTATES.values()) {
                    send("add " + known.encode());
                }
            } else {
                send("add " + estate.encode());
            }
        } catch (IOException e) {
            ESTATES.remove(estate.home());
            throw new LocalStackException("the reaper process failed: " + LocalStackException.describe(e), e);
        }
    }

    /** To be called when the server has ended and its ephemeral directory is deleted. */
    static synchronized void forget(Estate estate) {
        if (ESTATES.remove(estate.home()) == null || process == null) {
            return;
        }
        try {
            send("forget " + estate.encode());
            if (ESTATES.isEmpty()) {
                pipe.close();
                if (!process.waitFor(EXIT_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
                process = null;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException reaperGone) {
            // It is started afresh, with all that is registered, by the next registration.
            process = null;
        }
    }

    private static void start() throws IOException {
        ProcessBuilder builder = Java.child(
                Java.ownClassPath(),
                List.of("-Xms4m", "-Xmx32m", "-Xss256k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"),
                ReaperMain.class);
        Path setsid = Path.of("/usr/bin/setsid");
        if (Platform.current().os().equals("linux") && Files.isExecutable(setsid)) {
            // A session of its own: a kill -9 of this JVM's whole process group does not reach it.
            List<String> command = new ArrayList<>(builder.command());
            command.add(0, setsid.toString());
            builder.command(command);
        }
        // Never this JVM's own streams: whoever reads those to their end would wait for the reaper.
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
        process = builder.start();
        pipe = process.outputWriter(StandardCharsets.US_ASCII);
    }

    private static void send(String line) throws IOException {
        pipe.write(line + "\n");
        pipe.flush();
    }

    /** The reaper's process id, for tests. */
    static synchronized long pid() {
        return process.pid();
    }
}
