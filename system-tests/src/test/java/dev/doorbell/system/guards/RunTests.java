package dev.doorbell.system.guards;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.doorbell.system.guards.TestOutcome.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.discovery.MethodSelector;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The main of the child JVM: runs the tests named as {@code class#method}, all in one run, and writes what became of
 * each to a properties file. It stands on the class path of any module, so it uses the JDK and JUnit only.
 */
final class RunTests {
    private RunTests() {}

    /** @param args the file, then the tests */
    public static void main(String[] args) throws IOException {
        Map<String, TestOutcome> outcomes = new LinkedHashMap<>();
        Map<String, MethodSelector> found = new LinkedHashMap<>();
        for (String test : args) {
            if (!test.equals(args[0])) {
                find(test)
                        .ifPresentOrElse(
                                selector -> found.put(test, selector),
                                () -> outcomes.put(test, new TestOutcome(Kind.NOT_FOUND, "no test " + test)));
            }
        }
        if (!found.isEmpty()) {
            outcomes.putAll(run(found));
        }
        Properties result = new Properties();
        outcomes.forEach((test, outcome) -> {
            result.setProperty(test, outcome.kind().name());
            result.setProperty(test + ".detail", outcome.detail());
        });
        try (OutputStream out = Files.newOutputStream(Path.of(args[0]))) {
            result.store(out, null);
        }
        // Threads of a pool that a failed test left open would keep this JVM.
        System.exit(0);
    }

    private static Map<String, TestOutcome> run(Map<String, MethodSelector> tests) {
        Launcher launcher = LauncherFactory.create();
        OutcomeListener listener = new OutcomeListener();
        launcher.execute(
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(tests.values().stream().toList())
                        .build(),
                listener);
        Map<String, TestOutcome> outcomes = new LinkedHashMap<>();
        tests.keySet().forEach(test -> outcomes.put(test, listener.outcomeOf(test)));
        return outcomes;
    }

    /** By name alone: a test's parameters are the business of its extensions. */
    private static Optional<MethodSelector> find(String test) {
        String[] classAndMethod = test.split("#");
        try {
            Class<?> type = Class.forName(classAndMethod[0], false, RunTests.class.getClassLoader());
            return Stream.<Class<?>>iterate(type, ancestor -> ancestor != null, Class::getSuperclass)
                    .flatMap(ancestor -> Stream.of(ancestor.getDeclaredMethods()))
                    .filter(method -> method.getName().equals(classAndMethod[1]) && isTest(method))
                    .findFirst()
                    .map(method -> selectMethod(type, method));
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        }
    }

    private static boolean isTest(Method method) {
        return AnnotationSupport.isAnnotated(method, Testable.class);
    }
}
