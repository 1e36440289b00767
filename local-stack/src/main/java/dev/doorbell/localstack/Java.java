package dev.doorbell.localstack;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Child JVMs: the same Java as this one, on the same class path. */
final class Java {
    private Java() {}

    /**
     * A child JVM to be started. The class path goes by the environment: Windows limits a command line to 32,767
     * characters.
     */
    static ProcessBuilder child(String classPath, List<String> jvmArguments, Class<?> main) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(
                        System.getProperty("java.home"),
                        "bin",
                        Platform.current().executable("java"))
                .toString());
        command.addAll(jvmArguments);
        command.add(main.getName());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CLASSPATH", classPath);
        // Options meant for this JVM, a debugger's port for example, would keep the child from starting.
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().remove("JDK_JAVA_OPTIONS");
        return builder;
    }

    /** The whole class path of this JVM. Surefire's own is one jar that is gone when the test JVM ends. */
    static String classPath() {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Only the directory or jar that this class came from, for a child that needs nothing else. */
    static String ownClassPath() {
        try {
            return Path.of(Java.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new LocalStackException("the location of local-stack's classes is no path", e);
        }
    }
}
