package dev.doorbell.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What the Maven that runs this build says to another project. */
record MavenRun(int exitCode, String output) {
    private static final long TIMEOUT_S = 180;

    /**
     * Offline, so only with what this build has fetched. Waits for its end, 3 minutes at most; the output also stays in
     * {@code target/build-rules}.
     */
    static MavenRun of(Path pom, String name, String... arguments) throws IOException, InterruptedException {
        return run(pom, name, true, arguments);
    }

    /** The same, but offline only if this build is: for what nothing of this build has fetched. */
    static MavenRun asThisBuild(Path pom, String name, String... arguments) throws IOException, InterruptedException {
        return run(pom, name, "offline=true".equals(System.getProperty("maven.mode.used")), arguments);
    }

    private static MavenRun run(Path pom, String name, boolean offline, String... arguments)
            throws IOException, InterruptedException {
        Path log = Repository.root().resolve("system-tests/target/build-rules").resolve(name + ".log");
        Files.createDirectories(log.getParent());
        List<String> command = new ArrayList<>(List.of(executable(), "-B", "-f", pom.toString()));
        if (offline) {
            command.add("-o");
        }
        String localRepository = System.getProperty("maven.repo.local.used");
        if (localRepository != null) {
            command.add("-Dmaven.repo.local=" + localRepository);
        }
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(emptyInput(log).toFile()));
        Map<String, String> environment = builder.environment();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        // Of the Maven around us: it would take this build's directory and arguments for its own.
        environment.keySet().removeAll(List.of("MAVEN_PROJECTBASEDIR", "MAVEN_BASEDIR", "MAVEN_ARGS"));
        Process maven = builder.start();
        if (!maven.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
            maven.descendants().forEach(ProcessHandle::destroyForcibly);
            maven.destroyForcibly();
            throw new IOException("Maven has not ended in " + TIMEOUT_S + " s; see " + log);
        }
        return new MavenRun(maven.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
    }

    private static Path emptyInput(Path log) throws IOException {
        return Files.write(log.resolveSibling("no-input"), new byte[0]);
    }

    private static String executable() {
        boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
        String script = windows ? "mvn.cmd" : "mvn";
        String home = System.getProperty("maven.home");
        // Without it, in an IDE, the one on the path.
        return home == null ? script : Path.of(home, "bin", script).toString();
    }
}
