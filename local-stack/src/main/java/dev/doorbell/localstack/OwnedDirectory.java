package dev.doorbell.localstack;

import java.nio.file.Path;
import java.util.List;

/**
 * An ephemeral directory together with the child JVMs that work in it: both go when it is closed, and when this JVM ends
 * without closing it, by Ctrl-C, SIGTERM or kill -9. Windows tells nobody the arguments of other processes: there only
 * {@link #close} and the caller's own shutdown hook end the children.
 */
public final class OwnedDirectory implements AutoCloseable {
    private final Home home;

    private OwnedDirectory(Home home) {
        this.home = home;
    }

    /**
     * Makes a directory in {@code java.io.tmpdir}.
     *
     * @param name part of its name
     * @throws LocalStackException when it cannot be written
     */
    public static OwnedDirectory create(String name) {
        return new OwnedDirectory(Home.open(name, null, 0, path -> List.of()));
    }

    public Path path() {
        return home.path();
    }

    /**
     * The argument that makes a child JVM one of this directory's. By an argument and not by process id: so a child is
     * found too whose parent was killed before it could note the id.
     */
    public String jvmArgument() {
        return OwnedProcesses.homeArgument(home.path());
    }

    /** Ends the children by force and deletes the directory. Does nothing the second time. */
    @Override
    public void close() {
        home.close();
    }
}
