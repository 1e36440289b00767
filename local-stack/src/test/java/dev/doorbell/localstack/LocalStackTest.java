package dev.doorbell.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStackTest {
    @TempDir
    Path directory;

    @Test
    void anEphemeralStackTellsItsProgressAndLeavesNothing() {
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        LocalStack stack = LocalStack.start(lines::add);
        Path postgres = stack.postgres().directory();
        Path kafka = stack.kafka().directory();
        ProcessHandle postmaster = ProcessHandle.of(stack.postgres().pid()).orElseThrow();
        ProcessHandle broker = ProcessHandle.of(stack.kafka().pid()).orElseThrow();
        ProcessHandle reaper = ProcessHandle.of(Reaper.pid()).orElseThrow();

        stack.close();
        stack.close();

        assertThat(postgres).doesNotExist();
        assertThat(kafka).doesNotExist();
        assertThat(List.of(postmaster, broker, reaper)).allMatch(OwnedProcesses::hasEnded);
        assertThat(lines)
                .anyMatch(line -> line.matches("postgresql: ready on port \\d+ in \\d+\\.\\d s"))
                .anyMatch(line -> line.matches("kafka: ready on port \\d+ in \\d+\\.\\d s"));
    }

    @Test
    void aKeptDirectoryKeepsRowsAndTopicsAndHasOneOwner() throws Exception {
        // As an initdb leaves it that was cut short.
        Files.createDirectories(directory
                .resolve("postgresql")
                .resolve(PostgresServer.UNFINISHED)
                .resolve("base"));
        LocalStack first = LocalStack.startIn(directory, Progress.none());
        try (LocalStack stack = first) {
            stack.postgres().createDatabase("shop");
            try (Connection connection =
                            DriverManager.getConnection(stack.postgres().jdbcUrl("shop"));
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE kept AS SELECT 42 AS answer");
            }
            try (Admin admin = admin(stack)) {
                admin.createTopics(List.of(new NewTopic("kept", 3, (short) 1)))
                        .all()
                        .get(10, TimeUnit.SECONDS);
            }
            assertThatThrownBy(() -> LocalPostgres.start(
                            LocalPostgres.Options.defaults().withDirectory(directory.resolve("postgresql"))))
                    .isInstanceOf(LocalStackException.class)
                    .hasMessageEndingWith("is in use by another process");
            assertThat(ProcessHandle.of(stack.postgres().pid())).isPresent();
        }
        try (LocalStack stack = LocalStack.startIn(directory, Progress.none())) {
            // It owns the directory no more.
            first.close();
            try (Connection connection =
                            DriverManager.getConnection(stack.postgres().jdbcUrl("shop"));
                    Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery("SELECT answer FROM kept")) {
                assertThat(result.next()).isTrue();
                assertThat(result.getInt(1)).isEqualTo(42);
            }
            try (Admin admin = admin(stack)) {
                assertThat(admin.listTopics().names().get(10, TimeUnit.SECONDS)).contains("kept");
            }
        }
    }

    @Test
    void whenOneCannotBeStartedTheOtherIsClosed() {
        LocalKafka.Options wrong = LocalKafka.Options.defaults().withSetting("log.segment.bytes", "none");
        LocalPostgres.Options kept = LocalPostgres.Options.defaults().withDirectory(directory.resolve("postgresql"));
        assertThatThrownBy(() -> LocalStack.start(kept, wrong))
                .isInstanceOf(LocalStackException.class)
                .hasMessageContaining("log.segment.bytes");
        assertThat(OwnedProcesses.of(directory.resolve("postgresql"))).isEmpty();
    }

    private static Admin admin(LocalStack stack) {
        return Admin.create(Map.of("bootstrap.servers", stack.kafka().bootstrapServers()));
    }
}
