package dev.doorbell.system.guards;

import java.nio.file.Path;
import java.util.List;

/** Where the guards and what is made of them lie. */
final class GuardFiles {
    private GuardFiles() {}

    /** The working copy. Surefire and Failsafe run tests in the module's directory, IDEs in that or in the root. */
    static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("system-tests") ? here.getParent() : here;
    }

    static List<GuardArea> areas() {
        return GuardArea.readAll(root().resolve("system-tests/src/guards"));
    }

    static Path page() {
        return root().resolve("docs/guards.md");
    }
}
