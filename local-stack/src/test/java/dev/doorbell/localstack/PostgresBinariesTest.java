package dev.doorbell.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresBinariesTest {
    @TempDir
    Path cache;

    @Test
    void severalJvmsUnpackOnceAndAnUnfinishedCopyIsReplaced() throws IOException, InterruptedException {
        List<Process> programs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            programs.add(Java.child(
                            Java.classPath(),
                            List.of("-D" + PostgresBinaries.CACHE_PROPERTY + "=" + cache),
                            UnpackProgram.class)
                    .start());
        }
        int unpacked = 0;
        for (Process program : programs) {
            String output = new String(program.getInputStream().readAllBytes());
            assertThat(program.waitFor()).as(output).isZero();
            unpacked += output.contains("unpacking") ? 1 : 0;
        }
        assertThat(unpacked).isEqualTo(1);
        Path complete = PostgresBinaries.prepare(Platform.current(), cache, Progress.none());
        assertThat(complete.resolve("bin").resolve(Platform.current().executable("initdb")))
                .isExecutable();

        Path initdb = complete.resolve("bin").resolve(Platform.current().executable("initdb"));
        Files.delete(initdb);
        Files.move(complete, complete.resolveSibling(complete.getFileName() + ".unfinished"));
        assertThat(PostgresBinaries.prepare(Platform.current(), cache, Progress.none()))
                .isEqualTo(complete);
        assertThat(initdb).isExecutable();
        try (Stream<Path> entries = Files.list(cache)) {
            assertThat(entries.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            Set.of(complete.getFileName().toString(), complete.getFileName() + ".lock"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, postgres-linux-x86_64.txz, linux-amd64, linux-amd64",
        "Linux, aarch64, postgres-linux-arm_64.txz, linux-arm64v8, linux-arm64",
        "Mac OS X, x86_64, postgres-darwin-x86_64.txz, darwin-amd64, darwin-amd64",
        "Mac OS X, aarch64, postgres-darwin-arm_64.txz, darwin-arm64v8, darwin-arm64",
        "Windows 11, amd64, postgres-windows-x86_64.txz, windows-amd64, windows-amd64",
        "Windows 11, aarch64, postgres-windows-x86_64.txz, windows-amd64, windows-amd64",
    })
    void namesThePlatformsAsTheirArtifactsDo(String os, String arch, String resource, String artifact, String profile) {
        Platform platform = Platform.of(os, arch);
        assertThat(platform.binariesResource()).isEqualTo(resource);
        assertThat(platform.artifactClassifier()).isEqualTo(artifact);
        assertThat(platform.profile()).isEqualTo(profile);
    }

    /** What each of several JVMs does that start at once. */
    static final class UnpackProgram {
        private UnpackProgram() {}

        public static void main(String[] arguments) {
            PostgresBinaries.prepare(Platform.current(), PostgresBinaries.cacheDirectory(), System.out::println);
        }
    }
}
