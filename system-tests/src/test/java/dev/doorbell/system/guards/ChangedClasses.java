package dev.doorbell.system.guards;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The one file of a guard, changed, as a directory whose files take the place of those on a class path. */
final class ChangedClasses {
    private ChangedClasses() {}

    /**
     * Writes below {@code directory}: the changed source to {@code source}, what comes of it to {@code classes}.
     *
     * @param classPath of the module that the file is of
     * @return the directory {@code classes}
     * @throws GuardFailure when the rule's text is not there once, or what is left does not compile
     */
    static Path write(Guard guard, Path root, Path directory, List<Path> classPath) throws IOException {
        String changed = guard.without(Files.readString(root.resolve(guard.file())));
        Path classes = Files.createDirectories(directory.resolve("classes"));
        Path written = (guard.isJava() ? directory.resolve("source") : classes).resolve(guard.pathOnClassPath());
        Files.createDirectories(written.getParent());
        Files.writeString(written, changed);
        if (guard.isJava()) {
            List<Path> sources = new ArrayList<>(others(root.resolve(guard.file())));
            sources.add(written);
            compile(written, sources, classes, classPath);
        }
        return classes;
    }

    /** The rest of the package: the compiler copies constants, an SQL text for one, into the classes that use them. */
    private static List<Path> others(Path changed) throws IOException {
        try (Stream<Path> files = Files.list(changed.getParent())) {
            return files.filter(file -> file.toString().endsWith(".java") && !file.equals(changed))
                    .toList();
        }
    }

    private static void compile(Path changed, List<Path> sources, Path classes, List<Path> classPath)
            throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter output = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            output,
                            files,
                            null,
                            List.of(
                                    "-d",
                                    classes.toString(),
                                    "-classpath",
                                    classPath.stream()
                                            .map(Path::toString)
                                            .collect(Collectors.joining(File.pathSeparator)),
                                    // Nothing but these files: the other classes are those under test.
                                    "-implicit:none",
                                    "-proc:none",
                                    "-nowarn",
                                    "-parameters",
                                    "-g",
                                    "--release",
                                    "17"),
                            null,
                            files.getJavaFileObjectsFromPaths(sources))
                    .call();
            if (!compiled) {
                throw new GuardFailure("without the rule " + changed.getFileName() + " does not compile:\n" + output);
            }
        }
    }
}
