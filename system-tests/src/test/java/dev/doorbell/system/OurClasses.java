package dev.doorbell.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The compiled classes of every module of the build, taken from the modules' directories because tests are in no jar. */
final class OurClasses {
    private static final String BAD_EXAMPLES = "badexamples";
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
    private static final ImportOption NO_BAD_EXAMPLES = location -> !location.contains("/" + BAD_EXAMPLES + "/");

    private OurClasses() {}

    static JavaClasses main() {
        return new ClassFileImporter().importPaths(outputs("src/main/java", "target/classes"));
    }

    static JavaClasses mainAndTest() {
        List<Path> paths = new ArrayList<>(outputs("src/main/java", "target/classes"));
        paths.addAll(outputs("src/test/java", "target/test-classes"));
        return new ClassFileImporter().withImportOption(NO_BAD_EXAMPLES).importPaths(paths);
    }

    /** The bad system that {@link ArchitectureRules} must reject, with the package that is its root. */
    static JavaClasses badExamples() {
        return new ClassFileImporter()
                .withImportOption(location -> !location.contains("package-info"))
                .importPackages(badExamplesRoot());
    }

    static String badExamplesRoot() {
        return OurClasses.class.getPackageName() + "." + BAD_EXAMPLES;
    }

    private static List<Path> outputs(String sources, String output) {
        List<Path> outputs = new ArrayList<>();
        for (String module : modules()) {
            Path directory = Repository.root().resolve(module);
            if (Files.isDirectory(directory.resolve(sources))) {
                Path classes = directory.resolve(output);
                // Skipping it would let the rules pass without having looked.
                assertThat(classes)
                        .as("%s is not compiled; build the whole with mvn verify", module)
                        .isDirectory();
                outputs.add(classes);
            }
        }
        return outputs;
    }

    private static List<String> modules() {
        try {
            List<String> modules = new ArrayList<>();
            Matcher matcher = MODULE.matcher(Files.readString(Repository.root().resolve("pom.xml")));
            while (matcher.find()) {
                modules.add(matcher.group(1));
            }
            return modules;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
