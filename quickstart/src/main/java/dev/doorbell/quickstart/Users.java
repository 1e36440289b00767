package dev.doorbell.quickstart;

import dev.doorbell.localstack.LocalKeycloak;
import dev.doorbell.localstack.Ports;
import dev.doorbell.localstack.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Who knows the users: a Keycloak that starts in the background, while registrations are accepted already, or nobody, for
 * {@code IDENTITY_PROVIDER=none}.
 */
final class Users implements AutoCloseable {
    /** Not 8080, where so much else is. */
    private static final int KEYCLOAK_PORT = 8180;

    private static final String PROVIDER = "IDENTITY_PROVIDER";
    private static final String NONE = "none";
    private static final String KEYCLOAK = "keycloak";
    private static final int KEY_BYTES = 32;

    /** The very first start unpacks and builds the distribution. */
    private static final Duration FIRST_START_LIMIT = Duration.ofMinutes(4);

    private final Map<String, String> settings;
    private final CompletableFuture<LocalKeycloak> keycloak;
    private volatile boolean closed;

    private Users(Map<String, String> settings, CompletableFuture<LocalKeycloak> keycloak) {
        this.settings = settings;
        this.keycloak = keycloak;
    }

    /**
     * Begins to start what {@code IDENTITY_PROVIDER} names, Keycloak when it names nothing.
     *
     * @throws ServicesException when it names something else
     */
    static Users begin(Map<String, String> environment, QuickstartArguments arguments, Progress progress) {
        String provider = environment.getOrDefault(PROVIDER, "");
        if (provider.equals(NONE)) {
            return new Users(Map.of(PROVIDER, NONE), null);
        }
        if (!provider.isEmpty() && !provider.equals(KEYCLOAK)) {
            throw new ServicesException(PROVIDER + " is neither " + NONE + " nor " + KEYCLOAK, null);
        }
        int port = Ports.firstFreeFrom(KEYCLOAK_PORT);
        LocalKeycloak.Options options = LocalKeycloak.Options.defaults()
                .withPort(port)
                .withRealm(realm())
                .withProgress(progress);
        LocalKeycloak.Options kept = arguments.directory() == null
                ? options
                : options.withDirectory(arguments.directory().resolve("keycloak"));
        Map<String, String> settings = Map.of(
                PROVIDER,
                KEYCLOAK,
                "KEYCLOAK_URL",
                "http://127.0.0.1:" + port,
                "KEYCLOAK_CLIENT_SECRET",
                "customer-verticle-local",
                "REGISTRATION_SECRET_KEY",
                key(arguments.directory()));
        Users users = new Users(settings, new CompletableFuture<>());
        Thread thread = new Thread(() -> users.start(kept), "quickstart-keycloak");
        // It does not keep a program that ends otherwise; Keycloak's own process ends with this one.
        thread.setDaemon(true);
        thread.start();
        return users;
    }

    private void start(LocalKeycloak.Options options) {
        try {
            keycloak.complete(LocalKeycloak.start(options));
        } catch (RuntimeException | Error e) {
            if (!closed) {
                // Nobody waits for it at just this moment, and without it nothing would end as it should.
                System.err.println("quickstart: Keycloak: " + (e instanceof RuntimeException ? e.getMessage() : e));
                System.exit(1);
            }
        }
    }

    /** One that is still starting ends with this process. */
    @Override
    public void close() {
        closed = true;
        if (areThere() && keycloak.isDone()) {
            keycloak.join().close();
        }
    }

    /** For the services. */
    Map<String, String> settings() {
        return settings;
    }

    boolean areThere() {
        return keycloak != null;
    }

    /** Whether they are still awaited. */
    boolean areComing() {
        return areThere() && !keycloak.isDone();
    }

    /** The health checks that are not up before Keycloak is. */
    Set<String> comeLater() {
        return areThere() ? Set.of("keycloak", "tokens") : Set.of();
    }

    /** How long a registration may take that needs a user. */
    Duration registrationLimit() {
        return areThere() ? FIRST_START_LIMIT : Sample.LIMIT;
    }

    LocalKeycloak awaitKeycloak() {
        return keycloak.join();
    }

    private static String realm() {
        try (InputStream in = Users.class.getResourceAsStream("/doorbell-realm.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ServicesException("The realm cannot be read: " + e.getMessage(), e);
        }
    }

    /** Of this run, or of the kept data: a registration of yesterday still gets its password. */
    private static String key(Path directory) {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        String fresh = Base64.getEncoder().encodeToString(random);
        if (directory == null) {
            return fresh;
        }
        Path file = directory.resolve("registration-secret-key");
        try {
            if (Files.notExists(file)) {
                Files.createDirectories(directory);
                createPrivate(file);
                Files.writeString(file, fresh + "\n");
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new ServicesException("The key in " + file + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static void createPrivate(Path file) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
    }
}
