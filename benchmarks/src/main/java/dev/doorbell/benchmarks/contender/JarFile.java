package dev.doorbell.benchmarks.contender;

import dev.doorbell.benchmarks.measure.BenchmarkException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What lies in the jars of a contender. */
final class JarFile {
    private JarFile() {}

    /** @param jar what the jar's file name begins with */
    static String text(String classPath, String jar, String entry) {
        String file = Stream.of(classPath.split(File.pathSeparator))
                .filter(path -> Path.of(path).getFileName().toString().startsWith(jar))
                .findFirst()
                .orElseThrow(() -> new BenchmarkException("there is no " + jar + " on the class path"));
        try (ZipFile zip = new ZipFile(file)) {
            ZipEntry found = zip.getEntry(entry);
            if (found == null) {
                throw new BenchmarkException(entry + " is not in " + file);
            }
            return new String(zip.getInputStream(found).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new BenchmarkException(file + " cannot be read", e);
        }
    }
}
