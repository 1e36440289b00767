package dev.doorbell.localstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** The directory of one server: its data, its settings and its log. Closing it deletes an ephemeral one. */
final class Home implements AutoCloseable {
    private static final Duration LOCK_LIMIT = Duration.ofSeconds(10);

    private final Estate estate;
    private final HomeLock lock;
    private boolean closed;

    private Home(Estate estate, HomeLock lock) {
        this.estate = estate;
        this.lock = lock;
    }

    /**
     * @param kept the directory to keep, or null for an ephemeral one
     * @param spaceMinBytes refuse to start with less usable space than this
     * @param stopCommand of the path, the command that stops a server running in it; may be empty
     */
    static Home open(String component, Path kept, long spaceMinBytes, Function<Path, List<String>> stopCommand) {
        Path path = kept == null
                ? Path.of(System.getProperty("java.io.tmpdir"), "doorbell-" + component + "-" + UUID.randomUUID())
                : kept;
        path = path.toAbsolutePath().normalize();
        requireSpace(component, path, spaceMinBytes);
        Estate estate = new Estate(path, kept == null, stopCommand.apply(path));
        if (estate.ephemeral()) {
            Reaper.register(estate);
            create(component, estate);
            return new Home(estate, null);
        }
        create(component, estate);
        HomeLock lock = HomeLock.acquire(path, LOCK_LIMIT)
                .orElseThrow(() ->
                        new LocalStackException(component + ": " + estate.home() + " is in use by another process"));
        // Registered only as the owner: the reaper of a loser must not end what the owner runs.
        Reaper.register(estate);
        // An earlier run whose reaper was killed too, or has not come to it yet.
        estate.stopProcesses();
        return new Home(estate, lock);
    }

    private static void create(String component, Estate estate) {
        try {
            Directories.createPrivate(estate.home());
            Files.delete(Files.createTempFile(estate.home(), "writable", ""));
        } catch (IOException e) {
            Reaper.forget(estate);
            throw new LocalStackException(
                    component + ": the directory " + estate.home() + " cannot be written ("
                            + LocalStackException.describe(e) + ")",
                    e);
        }
    }

    private static void requireSpace(String component, Path path, long spaceMinBytes) {
        Path existing = path;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        try {
            long usable = existing == null
                    ? Long.MAX_VALUE
                    : Files.getFileStore(existing).getUsableSpace();
            if (usable < spaceMinBytes) {
                throw new LocalStackException(component + ": " + mib(usable) + " MiB are free in " + existing + ", "
                        + mib(spaceMinBytes) + " MiB are needed");
            }
        } catch (IOException unknown) {
            // Some network file systems do not tell; the server itself will, if it comes to that.
            return;
        }
    }

    private static long mib(long bytes) {
        return bytes / (1024 * 1024);
    }

    Path path() {
        return estate.home();
    }

    boolean ephemeral() {
        return estate.ephemeral();
    }

    /** Stops what still runs in it, and deletes it if it is ephemeral. */
    @Override
    public synchronized void close() {
        if (closed) {
            // A kept directory may belong to somebody else by now.
            return;
        }
        closed = true;
        boolean stopped = estate.stopProcesses();
        if (estate.ephemeral()) {
            stopped &= Directories.delete(estate.home());
        } else {
            lock.close();
        }
        if (stopped) {
            Reaper.forget(estate);
        }
        // Otherwise the reaper goes on when this JVM ends.
    }
}
