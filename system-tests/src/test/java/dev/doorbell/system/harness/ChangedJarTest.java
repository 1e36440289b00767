package dev.doorbell.system.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangedJarTest {
    @TempDir
    Path folder;

    private Path jar;

    @BeforeEach
    void writeJar() throws IOException {
        jar = folder.resolve("service.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String name : List.of("db/V1.sql", "db/V2.sql")) {
                out.putNextEntry(new JarEntry(name));
                out.write("original".getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void aChangedFileTakesThePlaceOfTheJarsOwnInACopy() throws IOException {
        Path copy = ChangedJar.of(jar, changed("db/V1.sql", "db/V3.sql"), folder.resolve("copies"));

        assertThat(copy).isNotEqualTo(jar);
        try (JarFile entries = new JarFile(copy.toFile())) {
            // Once, in particular: two of a migration are refused.
            assertThat(entries.stream().filter(entry -> !entry.isDirectory()).map(JarEntry::getName))
                    .containsExactlyInAnyOrder("db/V1.sql", "db/V2.sql", "db/V3.sql");
        }
        assertThat(text(copy, "db/V1.sql")).isEqualTo("changed");
        assertThat(text(copy, "db/V2.sql")).isEqualTo("original");
        assertThat(text(jar, "db/V1.sql")).isEqualTo("original");
    }

    @Test
    void aJarThatHasNoneOfTheFilesIsTakenAsItIs() throws IOException {
        assertThat(ChangedJar.of(jar, changed("db/V3.sql"), folder.resolve("copies")))
                .isEqualTo(jar);
    }

    private Path changed(String... names) throws IOException {
        Path directory = folder.resolve("changed");
        for (String name : names) {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "changed");
        }
        return directory;
    }

    private static String text(Path jar, String name) throws IOException {
        try (JarFile entries = new JarFile(jar.toFile());
                InputStream in = entries.getInputStream(entries.getEntry(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
