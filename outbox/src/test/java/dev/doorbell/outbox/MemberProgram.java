package dev.doorbell.outbox;

import dev.doorbell.localstack.OwnedDirectory;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A member of the test's group in a process of its own, which can be killed. */
final class MemberProgram {
    /** Short, so that a restarted member does not wait for its own earlier life. */
    private static final String SESSION_TIMEOUT_MS = "1500";

    private static final int END_LIMIT_S = 60;

    private MemberProgram() {}

    /** Arguments: broker, database URL, group, topic. Ends by a signal only. */
    public static void main(String[] arguments) {
        Vertx vertx = Vertx.vertx();
        Pool pool = TestStack.pool(vertx, arguments[1]);
        EventConsumer.builder(vertx, pool)
                .bootstrapServers(arguments[0])
                .group(arguments[2])
                .topics(arguments[3])
                .kafkaConfig("session.timeout.ms", SESSION_TIMEOUT_MS)
                .kafkaConfig("heartbeat.interval.ms", "300")
                .handler(
                        TestEvent.TYPE,
                        (connection, event) -> connection
                                .preparedQuery("INSERT INTO effect (event_id, key, payload) VALUES ($1, $2, $3)")
                                .execute(Tuple.of(
                                        event.id(),
                                        event.aggregateId(),
                                        event.payload().toString())))
                .build()
                .start();
    }

    /** @param owner ends the process with this JVM; its directory is also that of the failpoints */
    static Process start(ConsumerTest test, OwnedDirectory owner) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + owner.path(),
                "-Ddoorbell.failpoints=" + owner.path(),
                owner.jvmArgument(),
                MemberProgram.class.getName(),
                TestStack.bootstrapServers(),
                test.databaseUrl,
                test.group,
                test.topic));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment()
                .put(
                        "CLASSPATH",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next pass of any member with this directory through the place ends it. */
    static void killAt(OwnedDirectory owner, String failpoint) {
        try {
            // Moved into place, so that nobody reads half of it.
            Path file = Files.writeString(owner.path().resolve(failpoint + ".new"), "kill");
            Files.move(file, owner.path().resolve(failpoint));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int exitCode(Process member) throws InterruptedException {
        if (!member.waitFor(END_LIMIT_S, TimeUnit.SECONDS)) {
            throw new AssertionError("the member has not ended");
        }
        return member.exitValue();
    }
}
