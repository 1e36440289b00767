package dev.doorbell.localstack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Keycloak as it is distributed, unpacked, built for our options and started once per user, in the cache directory of
 * {@link PostgresBinaries}. The start leaves a database with Keycloak's own tables and administrator, which every
 * ephemeral server begins with a copy of: making them costs more than half of a first start.
 */
final class KeycloakDistribution {
    static final String ZIP_PROPERTY = "doorbell.localstack.keycloak.zip";
    static final String ADMINISTRATOR = "admin";
    /** To be raised when the build's options or the template change: what is cached under another number is not used. */
    private static final int REVISION = 1;

    private static final String COORDINATES = "org.keycloak:keycloak-quarkus-dist:zip";
    /** Written by Maven: where the zip is that local-stack's pom names. */
    private static final String ZIP_RESOURCE = "keycloak-zip.txt";

    private static final Duration BUILD_LIMIT = Duration.ofMinutes(5);
    private static final int PASSWORD_BYTES = 16;

    private final Path directory;

    private KeycloakDistribution(Path directory) {
        this.directory = directory;
    }

    /** Made when it is not there yet: that takes a minute or two. */
    static KeycloakDistribution prepare(Path cache, Progress progress) {
        Path zip = locate();
        String name = zip.getFileName().toString().replaceFirst("\\.zip$", "");
        Path target = cache.resolve(name + "-" + REVISION);
        try {
            if (!Files.isDirectory(target)) {
                Directories.createPrivate(cache);
                makeOnce(zip, target, progress);
            }
            return new KeycloakDistribution(target);
        } catch (IOException e) {
            throw new LocalStackException(
                    "keycloak: it cannot be unpacked into " + cache + " (" + LocalStackException.describe(e)
                            + "); another place: -D" + PostgresBinaries.CACHE_PROPERTY + "=<directory>",
                    e);
        }
    }

    private static Path locate() {
        String zip = System.getProperty(ZIP_PROPERTY);
        try (InputStream resource = KeycloakDistribution.class.getResourceAsStream(ZIP_RESOURCE)) {
            if (zip == null && resource != null) {
                zip = new String(resource.readAllBytes(), StandardCharsets.UTF_8).trim();
            }
        } catch (IOException e) {
            throw new LocalStackException("keycloak: " + ZIP_RESOURCE + " cannot be read", e);
        }
        if (zip == null || !Files.isRegularFile(Path.of(zip))) {
            throw new LocalStackException(
                    "keycloak: the distribution " + (zip == null ? "is unknown" : zip + " is gone") + "; fetch "
                            + COORDINATES + " with Maven and name the file with -D" + ZIP_PROPERTY + "=<file>");
        }
        return Path.of(zip);
    }

    /** Under a file lock and a monitor, beside the target, as {@link PostgresBinaries} does it. */
    private static synchronized void makeOnce(Path zip, Path target, Progress progress) throws IOException {
        Path lockFile = target.resolveSibling(target.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (lock.isValid() && Files.exists(target)) {
                return;
            }
            long startedAt = System.nanoTime();
            progress.report("keycloak: unpacking and building (only this once, a minute or two)");
            Path unfinished = target.resolveSibling(target.getFileName() + ".unfinished");
            if (!Directories.delete(unfinished)) {
                throw new IOException("cannot delete " + unfinished);
            }
            Files.createDirectory(unfinished);
            try (InputStream in = Files.newInputStream(zip)) {
                Zip.unpackContent(in, unfinished.resolve("keycloak"));
            }
            new KeycloakDistribution(unfinished).build();
            progress.report("keycloak: making its tables (only this once)");
            new KeycloakDistribution(unfinished).makeTemplate();
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            progress.report(
                    String.format(Locale.ROOT, "keycloak: built in %.1f s", (System.nanoTime() - startedAt) / 1e9));
        }
    }

    private void build() throws IOException {
        KeycloakProcess.start(home(), directory, List.of(), Map.of(), KeycloakSettings.BUILD)
                .awaitEnd(BUILD_LIMIT);
    }

    private void makeTemplate() throws IOException {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        Path template = Files.createDirectory(directory.resolve("template"));
        Files.writeString(template.resolve("password"), password + "\n");
        int port = Ports.free();
        KeycloakHttp http = new KeycloakHttp("http://127.0.0.1:" + port);
        Map<String, String> administrator =
                Map.of("KC_BOOTSTRAP_ADMIN_USERNAME", ADMINISTRATOR, "KC_BOOTSTRAP_ADMIN_PASSWORD", password);
        KeycloakProcess server = KeycloakProcess.start(
                home(), directory, List.of(), administrator, KeycloakSettings.start(template, port, port, false));
        try {
            server.awaitReady(http::isReady, BUILD_LIMIT);
        } finally {
            server.stop();
        }
    }

    /** What Keycloak calls its home: read by every server, written by none. */
    Path home() {
        return directory.resolve("keycloak");
    }

    /** Gives a server's directory the database and the administrator's password, unless it has them. */
    void copyTemplate(Path home) throws IOException {
        Path database = home.resolve(KeycloakSettings.DATABASE_FILE);
        if (Files.notExists(database)) {
            Path template = directory.resolve("template");
            Files.copy(template.resolve("password"), home.resolve("password"), StandardCopyOption.REPLACE_EXISTING);
            // Under another name until it is complete.
            Path unfinished = home.resolve("database.unfinished");
            Files.copy(
                    template.resolve(KeycloakSettings.DATABASE_FILE), unfinished, StandardCopyOption.REPLACE_EXISTING);
            Files.createDirectories(database.getParent());
            Files.move(unfinished, database, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
