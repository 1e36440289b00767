package dev.doorbell.localstack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** PostgreSQL's own programs, applied to one home directory. Not thread-safe. */
final class PostgresServer {
    private static final Duration INITDB_LIMIT = Duration.ofSeconds(120);
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(35);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
    private static final int PASSWORD_BYTES = 16;
    /** The data directory's name until initdb has completed it. */
    static final String UNFINISHED = "data.unfinished";

    private static final String SETTINGS_FILE = "local-stack.conf";

    private final Home home;
    private final Path binaries;
    private final Path data;
    private final Path log;

    PostgresServer(Home home, Path binaries) {
        this.home = home;
        this.binaries = binaries;
        this.data = home.path().resolve("data");
        this.log = home.path().resolve("postgresql.log");
    }

    /** Where the data is not kept there is nothing to write out: immediate spares the checkpoint. */
    static List<String> stopCommand(Path binaries, Path home, boolean ephemeral) {
        String mode = ephemeral ? "immediate" : "fast";
        return program(binaries, "pg_ctl", "-D", home.resolve("data").toString(), "-m", mode, "-w", "-t", "30", "stop");
    }

    /** Makes the database cluster unless it is there. Returns the password of the superuser, who is {@code postgres}. */
    String initialise() throws IOException {
        Path passwordFile = home.path().resolve("password");
        if (Files.exists(data)) {
            return Files.readString(passwordFile).trim();
        }
        // Under another name until it is complete: an initdb that was cut short must not be taken for a cluster.
        Path unfinished = home.path().resolve(UNFINISHED);
        Directories.delete(unfinished);
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        Files.writeString(passwordFile, password + "\n");
        List<String> command = new ArrayList<>(program(binaries, "initdb", "-D", unfinished.toString()));
        command.addAll(List.of("--username=postgres", "--pwfile=" + passwordFile, "--auth=scram-sha-256"));
        // The same everywhere, whatever the locales of the machine.
        command.addAll(List.of("--encoding=UTF8", "--locale=C", "--locale-provider=builtin"));
        command.add("--builtin-locale=C.UTF-8");
        if (home.ephemeral()) {
            command.add("--no-sync");
        }
        Path initdbLog = home.path().resolve("initdb.log");
        if (Command.run(initdbLog, INITDB_LIMIT, command) != 0) {
            throw new LocalStackException("postgresql: initdb failed: " + LogTail.read(initdbLog, 0) + rootHint());
        }
        Files.writeString(
                unfinished.resolve("postgresql.conf"),
                "\ninclude '" + SETTINGS_FILE + "'\n",
                StandardOpenOption.APPEND);
        Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
        return password;
    }

    private static String rootHint() {
        return Platform.isLinuxRoot()
                ? " (PostgreSQL does not run as root; as root it is started in a user namespace, which needs unshare(1)"
                        + " and a kernel or container that permits it: otherwise run as another user)"
                : "";
    }

    void start(int port, Map<String, String> settings) throws IOException {
        Files.writeString(data.resolve(SETTINGS_FILE), PostgresSettings.render(port, settings), StandardCharsets.UTF_8);
        LogTail.limit(log);
        long before = LogTail.size(log);
        // By pg_ctl, which gives the server a session of its own: Ctrl-C must not reach it before its clients are done.
        int code = Command.run(
                home.path().resolve("pg_ctl.log"),
                START_LIMIT,
                program(binaries, "pg_ctl", "-D", data.toString(), "-l", log.toString(), "-w", "-t", "60", "start"));
        if (code != 0) {
            throw new LocalStackException(
                    "postgresql: the server did not start on port " + port + ": " + LogTail.read(log, before));
        }
    }

    void stop() throws IOException {
        Set<ProcessHandle> processes = OwnedProcesses.of(home.path());
        if (OwnedProcesses.postmaster(home.path()).isPresent()
                && (Command.run(null, STOP_LIMIT, stopCommand(binaries, home.path(), false)) != 0
                        // pg_ctl waits for the end of the pid file only.
                        || !OwnedProcesses.awaitEnd(List.copyOf(processes), KILL_LIMIT))) {
            throw new LocalStackException("postgresql: the server did not stop: " + LogTail.read(log, 0));
        }
    }

    /** As a loss of power, as far as processes go: all of the server's processes at once, nothing flushed. */
    void kill() throws IOException {
        if (!OwnedProcesses.kill(OwnedProcesses.of(home.path()), KILL_LIMIT)) {
            throw new LocalStackException("postgresql: the server could not be killed");
        }
        // It would keep the next one from starting where nobody collects the dead process (see hasEnded).
        Files.deleteIfExists(data.resolve("postmaster.pid"));
    }

    long pid() {
        return OwnedProcesses.postmaster(home.path())
                .orElseThrow(() -> new LocalStackException("postgresql: the server is not running"))
                .pid();
    }

    private static List<String> program(Path binaries, String name, String... arguments) {
        List<String> command = new ArrayList<>();
        if (Platform.isLinuxRoot()) {
            // A user namespace in which root is nobody: PostgreSQL refuses to run as root.
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(binaries.resolve("bin")
                .resolve(Platform.current().executable(name))
                .toString());
        command.addAll(List.of(arguments));
        return command;
    }
}
