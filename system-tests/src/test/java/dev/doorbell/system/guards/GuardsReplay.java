package dev.doorbell.system.guards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * All guards, or with {@code -Dguard=} those of rules and areas. Run by the Maven profile {@code guards}
 * alone, hence the name.
 */
class GuardsReplay {
    /** A test waits more than it works. */
    private static final int AT_A_TIME = 2;

    private static final String SYSTEM_TESTS = "system-tests";

    private final Path root = GuardFiles.root();
    private final AtomicInteger done = new AtomicInteger();
    private final Map<String, String> failures = new ConcurrentHashMap<>();

    @TestFactory
    Stream<DynamicTest> theRuleIsMissedWhenItIsRemoved() throws Exception {
        String name = System.getProperty("guard");
        List<Guard> guards = GuardArea.named(GuardFiles.areas(), name);
        assertThat(guards).as("guards named " + name).isNotEmpty();
        Path directory = emptied(root.resolve(SYSTEM_TESTS).resolve("target").resolve("guards"));
        long begin = System.nanoTime();
        try (TestJvm jvm = new TestJvm(root)) {
            GuardRunner runner =
                    new GuardRunner(guards, root, new ModuleClassPaths(root), jvm, directory, GuardRunner.LIMIT);
            inParallel(
                    AT_A_TIME,
                    guards.stream().filter(guard -> !isOfSystem(guard)).toList(),
                    runner,
                    guards.size());
            // These start all services beside PostgreSQL and Kafka, on the ports and the folder for logs of one system.
            inParallel(1, guards.stream().filter(GuardsReplay::isOfSystem).toList(), runner, guards.size());
        }
        say(summary(guards.size(), begin));
        return guards.stream().map(guard -> dynamicTest(guard.rule(), () -> requireCaught(guard)));
    }

    private void requireCaught(Guard guard) {
        if (failures.containsKey(guard.rule())) {
            fail(failures.get(guard.rule()));
        }
    }

    private static boolean isOfSystem(Guard guard) {
        return guard.module().equals(SYSTEM_TESTS);
    }

    private void inParallel(int threads, List<Guard> guards, GuardRunner runner, int total)
            throws InterruptedException, ExecutionException {
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            for (Future<?> tried : guards.stream()
                    .<Future<?>>map(guard -> workers.submit(() -> tryOne(guard, runner, total)))
                    .toList()) {
                tried.get();
            }
        } finally {
            workers.shutdownNow();
        }
    }

    private void tryOne(Guard guard, GuardRunner runner, int total) {
        long begin = System.nanoTime();
        String verdict = "caught";
        try {
            runner.verify(guard);
        } catch (RuntimeException e) {
            verdict = "NOT CAUGHT: " + (e instanceof GuardFailure ? e.getMessage() : e.toString());
            failures.put(guard.rule(), verdict);
        }
        say("guards: %d of %d, %.1f s, %s: %s"
                .formatted(done.incrementAndGet(), total, seconds(begin), guard.rule(), verdict));
    }

    private String summary(int total, long begin) {
        StringBuilder summary = new StringBuilder(
                "guards: %d of %d caught in %.0f s".formatted(total - failures.size(), total, seconds(begin)));
        new TreeMap<>(failures)
                .forEach((rule, verdict) -> summary.append("\n  ")
                        .append(rule)
                        .append(": ")
                        .append(verdict.lines().findFirst().orElse(verdict)));
        return summary.toString();
    }

    private static double seconds(long beginNanos) {
        return Duration.ofNanos(System.nanoTime() - beginNanos).toMillis() / 1_000.0;
    }

    private static void say(String line) {
        System.out.println(line);
    }

    /** What an earlier run left could be taken for this one's. */
    private static Path emptied(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> old = Files.walk(directory)) {
                for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        return Files.createDirectories(directory);
    }
}
