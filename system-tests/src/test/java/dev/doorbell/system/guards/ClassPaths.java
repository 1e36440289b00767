package dev.doorbell.system.guards;

import java.nio.file.Path;
import java.util.List;

/** The class path on which a module's tests run, its own classes included. */
@FunctionalInterface
interface ClassPaths {
    /** @throws GuardFailure when the module does not exist or was not built */
    List<Path> of(String module);
}
