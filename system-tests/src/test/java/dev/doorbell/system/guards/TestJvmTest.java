package dev.doorbell.system.guards;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.system.guards.TestOutcome.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the child JVM says of tests that {@code example.PurseChecks} has of every kind. */
class TestJvmTest {
    private static final String CHECKS = "dev.doorbell.system.guards.example.PurseChecks";
    private static final Duration LONG = Duration.ofMinutes(1);

    private final TestJvm jvm = new TestJvm(GuardFiles.root());

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        jvm.close();
    }

    @Test
    void eachTestHasAnOutcomeOfItsOwn() {
        Map<String, TestOutcome> outcomes = run(
                LONG,
                CHECKS + "#coinsAreKept",
                CHECKS + "#nobodyPutsLessThanNothing",
                CHECKS + "#alwaysRed",
                CHECKS + "#neverRun",
                CHECKS + "#missing",
                CHECKS + "Missing#coinsAreKept",
                CHECKS + "$InBrokenClass#isNotReached");

        assertThat(outcomes.values())
                .extracting(TestOutcome::kind)
                .containsExactly(
                        Kind.PASSED,
                        Kind.PASSED,
                        Kind.FAILED,
                        Kind.NOT_RUN,
                        Kind.NOT_FOUND,
                        Kind.NOT_FOUND,
                        Kind.NOT_RUN);
        assertThat(outcomes.get(CHECKS + "#alwaysRed").detail()).contains("AssertionFailedError: red as ever");
        assertThat(outcomes.get(CHECKS + "#neverRun").detail()).contains("for the guards to see");
        assertThat(outcomes.get(CHECKS + "$InBrokenClass#isNotReached").detail())
                .contains("no stack today");
    }

    @Test
    void aTestThatEndsItsJvmHasNoOutcome() {
        assertThat(run(LONG, CHECKS + "#endsItsJvm").values())
                .containsExactly(new TestOutcome(Kind.NO_END, "its JVM ended before it"));
    }

    @Test
    void aTestThatDoesNotEndIsEnded() {
        assertThat(run(Duration.ofMillis(1_500), CHECKS + "#neverEnds").values())
                .containsExactly(new TestOutcome(Kind.NO_END, "no end after 1500 ms"));
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
                .extracting(child -> child.info().commandLine().orElse(""))
                .noneMatch(command -> command.contains("neverEnds"));
    }

    private Map<String, TestOutcome> run(Duration limit, String... tests) {
        return jvm.run("system-tests", classPath(), null, List.of(tests), directory, limit);
    }

    /** Of this test itself. */
    static List<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .map(Path::of)
                .toList();
    }
}
