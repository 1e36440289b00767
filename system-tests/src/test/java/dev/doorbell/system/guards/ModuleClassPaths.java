package dev.doorbell.system.guards;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the Maven profile {@code guards} writes into each module's {@code target}. */
record ModuleClassPaths(Path root) implements ClassPaths {
    @Override
    public List<Path> of(String module) {
        Path target = root.resolve(module).resolve("target");
        List<Path> paths = new ArrayList<>(List.of(target.resolve("test-classes"), target.resolve("classes")));
        try {
            String dependencies = Files.readString(target.resolve("test-class-path.txt"));
            Stream.of(dependencies.split(File.pathSeparator))
                    .map(String::strip)
                    .filter(path -> !path.isEmpty())
                    .map(Path::of)
                    .forEach(paths::add);
        } catch (IOException e) {
            throw new GuardFailure("module " + module + " has no class path: " + e);
        }
        return paths;
    }
}
