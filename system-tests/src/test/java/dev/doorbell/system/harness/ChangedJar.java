package dev.doorbell.system.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * A jar in which files of a directory take the place of its own. A directory in front of the jar on the class path would
 * do for classes, but Flyway finds every copy of a migration and refuses two.
 */
public final class ChangedJar {
    private ChangedJar() {}

    /**
     * Returns a copy of the jar in {@code folder}, made by the first call, with all files of {@code changed} in it; or
     * the jar itself when it has none of them.
     */
    public static synchronized Path of(Path jar, Path changed, Path folder) {
        try {
            List<Path> files = files(changed);
            if (!hasOneOf(files, jar)) {
                return jar;
            }
            Path copy = Files.createDirectories(folder).resolve(jar.getFileName());
            if (Files.notExists(copy)) {
                Files.copy(jar, copy);
                replace(files, changed, copy);
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Relative to the directory. */
    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(Files::isRegularFile).map(directory::relativize).toList();
        }
    }

    private static boolean hasOneOf(List<Path> files, Path jar) throws IOException {
        try (JarFile entries = new JarFile(jar.toFile())) {
            return files.stream().anyMatch(file -> entries.getEntry(name(file)) != null);
        }
    }

    private static void replace(List<Path> files, Path from, Path jar) throws IOException {
        try (FileSystem entries = FileSystems.newFileSystem(jar, Map.of())) {
            for (Path file : files) {
                Files.copy(from.resolve(file), entries.getPath("/", name(file)), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static String name(Path file) {
        return file.toString().replace('\\', '/');
    }
}
