package dev.doorbell.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FailpointTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String NAME = "test.point";

    @TempDir
    private Path directory;

    /** The process under test: passes the point and says so, with exit code 0. */
    public static final class Passing {
        public static void main(String[] arguments) {
            Failpoint.reached(NAME);
        }
    }

    @Test
    void withoutAFileNothingHappens() throws Exception {
        arm("another.point", "kill");
        assertThat(end(start())).isZero();
        assertThat(directory.resolve("another.point")).exists();
    }

    @Test
    void killsOnce() throws Exception {
        arm(NAME, "kill");
        assertThat(end(start())).isEqualTo(137);
        assertThat(end(start())).isZero();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void freezesUntilItIsContinued() throws Exception {
        arm(NAME, "freeze\n");
        Process frozen = start();
        try {
            await("the process is stopped")
                    .atMost(PATIENCE)
                    .until(() -> state(frozen).startsWith("T"));
            signal("-CONT", frozen);
            assertThat(end(frozen)).isZero();
        } finally {
            frozen.destroyForcibly();
        }
    }

    @Test
    void anUnknownActionIsAnError() throws Exception {
        arm(NAME, "explode");
        assertThat(end(start())).isEqualTo(1);
    }

    private void arm(String name, String action) throws IOException {
        Files.writeString(directory.resolve(name), action);
    }

    private Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Ddoorbell.failpoints=" + directory,
                "-XX:TieredStopAtLevel=1",
                Passing.class.getName());
        builder.environment()
                .put(
                        "CLASSPATH",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static int end(Process process) throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static String state(Process process) throws IOException {
        Process ps = new ProcessBuilder("ps", "-o", "state=", "-p", Long.toString(process.pid())).start();
        return new String(ps.getInputStream().readAllBytes()).strip();
    }

    private static void signal(String signal, Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    }
}
