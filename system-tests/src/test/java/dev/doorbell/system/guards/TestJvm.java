package dev.doorbell.system.guards;

import dev.doorbell.localstack.OwnedDirectory;
import dev.doorbell.system.guards.TestOutcome.Kind;
import dev.doorbell.system.harness.ChangedJar;
import dev.doorbell.system.harness.ServiceJar;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.platform.launcher.Launcher;

/** Runs tests in a JVM of their own, each time a new one; for several threads. */
final class TestJvm implements AutoCloseable {
    private final OwnedDirectory owner = OwnedDirectory.create("guards");
    private final Path root;

    TestJvm(Path root) {
        this.root = root;
    }

    /**
     * Runs the tests, named as {@code class#method}, in the module's directory. The JVM has ended on return, with all
     * that it started; at the latest after the limit.
     *
     * @param changed directory of what takes the place of files on the class path, null for none
     * @param directory for the output, {@code log.txt}, and the result
     */
    Map<String, TestOutcome> run(
            String module, List<Path> classPath, Path changed, List<String> tests, Path directory, Duration limit) {
        try {
            Files.createDirectories(directory);
            Path result = directory.resolve("result.properties");
            Files.deleteIfExists(result);
            boolean ended = runJvm(command(classPath, changed, result, tests), module, directory, limit);
            return outcomes(
                    tests, result, ended ? "its JVM ended before it" : "no end after " + limit.toMillis() + " ms");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> command(List<Path> classPath, Path changed, Path result, List<String> tests)
            throws IOException {
        List<Path> all = new ArrayList<>(changed == null ? classPath : withChanges(classPath, changed));
        // Behind the module's own, so that nothing of ours takes the place of anything that it brings.
        all.add(runner());
        all.add(jarOf(Launcher.class));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                owner.jvmArgument(),
                "-classpath",
                all.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator))));
        if (changed != null) {
            command.add(1, "-D" + ServiceJar.CHANGED_CLASSES + "=" + changed);
        }
        command.add(RunTests.class.getName());
        command.add(result.toString());
        command.addAll(tests);
        return command;
    }

    /** A module's own classes are a directory, which can be preceded; those of the others are jars. */
    private static List<Path> withChanges(List<Path> classPath, Path changed) {
        List<Path> all = new ArrayList<>();
        for (Path entry : classPath) {
            all.add(Files.isRegularFile(entry) ? ChangedJar.of(entry, changed, Path.of(changed + "-jars")) : entry);
        }
        if (all.equals(classPath)) {
            all.add(0, changed);
        }
        return all;
    }

    private boolean runJvm(List<String> command, String module, Path directory, Duration limit) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(root.resolve(module).toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log.txt").toFile())
                .start();
        process.getOutputStream().close();
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GuardFailure("interrupted");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
    }

    private static Map<String, TestOutcome> outcomes(List<String> tests, Path file, String otherwise)
            throws IOException {
        Properties result = new Properties();
        if (Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                result.load(in);
            }
        }
        Map<String, TestOutcome> outcomes = new LinkedHashMap<>();
        tests.forEach(test -> outcomes.put(
                test,
                result.containsKey(test)
                        ? new TestOutcome(Kind.valueOf(result.getProperty(test)), result.getProperty(test + ".detail"))
                        : new TestOutcome(Kind.NO_END, otherwise)));
        return outcomes;
    }

    /** A copy of the few classes that the child's main needs: the whole test classes would bring their resources. */
    private Path runner() throws IOException {
        Path copy = owner.path().resolve("runner");
        synchronized (this) {
            if (Files.notExists(copy)) {
                Path from = jarOf(RunTests.class);
                String folder = RunTests.class.getPackageName().replace('.', '/');
                try (Stream<Path> files = Files.list(from.resolve(folder))) {
                    for (Path file : files.filter(TestJvm::isOfRunner).toList()) {
                        Path to = copy.resolve(folder).resolve(file.getFileName());
                        Files.createDirectories(to.getParent());
                        Files.copy(file, to);
                    }
                }
            }
        }
        return copy;
    }

    private static boolean isOfRunner(Path file) {
        return Stream.of(RunTests.class, OutcomeListener.class, TestOutcome.class)
                .anyMatch(type -> file.getFileName().toString().matches(type.getSimpleName() + "(\\$.*)?\\.class"));
    }

    private static Path jarOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends what still runs. */
    @Override
    public void close() {
        owner.close();
    }
}
