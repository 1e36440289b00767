package dev.doorbell.system;

import java.nio.file.Path;

/** Where the working copy lies. */
final class Repository {
    private Repository() {}

    /** Surefire and Failsafe run tests in the module's directory, IDEs in that or in the root. */
    static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("system-tests") ? here.getParent() : here;
    }
}
