package dev.doorbell.relay;

import static dev.doorbell.relay.TestRelay.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.localstack.LocalPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The database's address leads to a copy that lacks the latest commits, as after a failover to a replica. What the relay
 * has in memory is of another world: the copy gives the lost numbers to new events.
 */
class RelayFailoverTest {
    private static final int OTHER_TRANSACTIONS = 300;

    @TempDir
    private Path directory;

    private final AtomicReference<LocalPostgres> server = new AtomicReference<>();

    @AfterEach
    void close() {
        server.get().close();
    }

    @Test
    void afterAFailoverToACopyThatLostTheTailEveryEventThatReusesANumberIsPublished() throws Exception {
        Path original = directory.resolve("original");
        Path copy = directory.resolve("copy");
        server.set(LocalPostgres.start(LocalPostgres.Options.defaults().withDirectory(original)));
        TestSource source = TestSource.migratedOn(server::get);
        try (TestRelay relay = TestRelay.start(source);
                TestTopic topic = new TestTopic(source)) {
            source.appendMany("kept", 10);
            await().atMost(PATIENCE).until(() -> source.cursor().equals("10 {}{}"));
            server.get().stop();
            copy(original, copy);
            server.get().startAgain();
            source.appendMany("lost", 10);
            try (Connection lostToo = source.transaction("slow", "never")) {
                source.append("quick", "lost");
                topic.awaitPayloads("lost", "lost-10");
                // Read, stored and its writer noted: all that must be forgotten.
                await().atMost(PATIENCE).until(() -> source.cursor().equals("22 {21}{21}"));
                source.awaitLook();
                server.get().close();
                assertThat(lostToo.isValid(1)).isFalse();
            }
            int port = server.get().port();
            server.set(LocalPostgres.start(
                    LocalPostgres.Options.defaults().withDirectory(copy).withPort(port)));
            try (Connection slow = source.connect()) {
                // Transactions are numbered by session: this one must not have the name of the lost one by chance.
                for (int i = 0; i < OTHER_TRANSACTIONS; i++) {
                    TestSource.value(slow, "SELECT 1");
                }
                slow.setAutoCommit(false);
                TestSource.append(slow, "slow", "late");
                source.appendMany("reused", 20);
                topic.awaitPayloads("reused-1", "reused-20");
                source.awaitLook();
                source.awaitLook();
                assertThat(source.cursor())
                        .as("the writer of 11 is still there")
                        .isEqualTo("31 {11}{11}");
                slow.commit();
            }
            topic.awaitPayloads("late", "reused-11");
            await().atMost(PATIENCE).until(() -> source.cursor().equals("31 {}{}"));
            assertThat(relay.metric("doorbell_relay_late_events_total", source)).isEqualTo("0.0");
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            paths.filter(path ->
                            from.equals(path) || path.startsWith(from.resolve("data")) || path.endsWith("password"))
                    .forEach(path -> copyOne(path, to.resolve(from.relativize(path))));
        }
    }

    private static void copyOne(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
