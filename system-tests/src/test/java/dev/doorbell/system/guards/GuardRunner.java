package dev.doorbell.system.guards;

import dev.doorbell.system.guards.TestOutcome.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Tries guards one by one; for several threads. */
final class GuardRunner {
    /** Of the longest test that is waited for, a fault with its recovery, with room for a loaded machine. */
    static final Duration LIMIT = Duration.ofMinutes(5);

    private static final int DETAIL_LENGTH_MAX = 2_000;

    private record TestClass(String module, String name) {
        static TestClass of(Guard guard) {
            return new TestClass(
                    guard.module(), guard.test().substring(0, guard.test().indexOf('#')));
        }
    }

    private final List<Guard> guards;
    private final Path root;
    private final ClassPaths classPaths;
    private final TestJvm jvm;
    private final Path directory;
    private final Duration limit;
    private final Map<TestClass, Map<String, TestOutcome>> controls = new ConcurrentHashMap<>();

    /**
     * @param guards all that are to be tried
     * @param directory for changed classes, logs and results, a folder per guard
     */
    GuardRunner(List<Guard> guards, Path root, ClassPaths classPaths, TestJvm jvm, Path directory, Duration limit) {
        this.guards = guards;
        this.root = root;
        this.classPaths = classPaths;
        this.jvm = jvm;
        this.directory = directory;
        this.limit = limit;
    }

    /**
     * Returns when the test is green as the code is, and red as it was seen without the rule.
     *
     * @throws GuardFailure in any other case, saying which
     */
    void verify(Guard guard) {
        Path own = directory.resolve(guard.rule());
        Path classes = changedClasses(guard, own);
        requireGreen(guard);
        TestOutcome outcome = run(guard, classes, own);
        switch (outcome.kind()) {
            case PASSED -> throw new GuardFailure(guard.test() + " stays green without the rule");
            case NOT_FOUND -> throw new GuardFailure("there is no test " + guard.test() + " in " + guard.module());
            case NOT_RUN, NO_END ->
                throw new GuardFailure(
                        guard.test() + " was not run to its end: " + shortened(outcome.detail()) + logIn(own));
            case FAILED -> {
                if (!guard.isSeenIn(outcome.detail())) {
                    throw new GuardFailure(guard.test() + " fails, but not with \""
                            + guard.seen().strip() + "\": " + shortened(outcome.detail()) + logIn(own));
                }
            }
        }
    }

    private Path changedClasses(Guard guard, Path own) {
        try {
            return ChangedClasses.write(guard, root, own, classPaths.of(guard.changedModule()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A test that is red anyway says nothing about the rule. */
    private void requireGreen(Guard guard) {
        TestClass testClass = TestClass.of(guard);
        TestOutcome control =
                controls.computeIfAbsent(testClass, this::runControl).get(guard.test());
        if (control.kind() == Kind.NOT_FOUND) {
            throw new GuardFailure("there is no test " + guard.test() + " in " + guard.module());
        }
        if (control.kind() != Kind.PASSED) {
            throw new GuardFailure(guard.test() + " is not green with the rule: " + shortened(control.detail())
                    + logIn(folderOf(testClass)));
        }
    }

    /** All tests of the class that any guard names, once and in one JVM, on the code as it is. */
    private Map<String, TestOutcome> runControl(TestClass testClass) {
        List<String> tests = guards.stream()
                .filter(guard -> TestClass.of(guard).equals(testClass))
                .map(Guard::test)
                .distinct()
                .toList();
        return jvm.run(
                testClass.module(),
                classPaths.of(testClass.module()),
                null,
                tests,
                folderOf(testClass),
                limit.multipliedBy(tests.size()));
    }

    private Path folderOf(TestClass testClass) {
        return directory.resolve("control").resolve(testClass.name());
    }

    private TestOutcome run(Guard guard, Path changed, Path output) {
        return jvm.run(guard.module(), classPaths.of(guard.module()), changed, List.of(guard.test()), output, limit)
                .get(guard.test());
    }

    private static String shortened(String detail) {
        return detail.length() <= DETAIL_LENGTH_MAX ? detail.strip() : detail.substring(0, DETAIL_LENGTH_MAX) + " …";
    }

    private String logIn(Path folder) {
        return "\n(its output: " + folder.resolve("log.txt") + ")";
    }
}
