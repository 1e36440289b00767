package dev.doorbell.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReaperMainTest {
    private static final int LIMIT_SECONDS = 15;

    @TempDir
    Path directory;

    @Test
    void doesItsWorkAlsoWhenTheClassesItWasStartedFromAreGone() throws IOException, InterruptedException {
        Path classes = copyOwnClasses();
        Path ephemeral = Files.createDirectories(directory.resolve("ephemeral").resolve("data"));
        Path kept = Files.createDirectories(directory.resolve("kept").resolve("data"));
        Path forgotten = Files.createDirectories(directory.resolve("forgotten").resolve("data"));
        Process reaper =
                Java.child(classes.toString(), List.of(), ReaperMain.class).start();
        assertThat(reaper.inputReader().readLine()).startsWith(ReaperMain.READY);
        assertThat(Directories.delete(classes)).isTrue();
        try (Writer input = reaper.outputWriter()) {
            for (Path home : List.of(ephemeral.getParent(), forgotten.getParent())) {
                input.write("add " + new Estate(home, true, List.of("pg_ctl", "a b")).encode() + "\n");
            }
            input.write("add " + new Estate(kept.getParent(), false, List.of()).encode() + "\n");
            input.write("forget " + new Estate(forgotten.getParent(), true, List.of()).encode() + "\n");
        }
        assertThat(reaper.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(reaper.exitValue()).isZero();
        assertThat(ephemeral.getParent()).doesNotExist();
        assertThat(kept).exists();
        assertThat(forgotten).exists();
    }

    private Path copyOwnClasses() throws IOException {
        Path target = directory.resolve("classes");
        Path source = Path.of(Java.ownClassPath());
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(source.relativize(file).toString()));
            }
        }
        return target;
    }
}
