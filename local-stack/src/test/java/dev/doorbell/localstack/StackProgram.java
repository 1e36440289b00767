package dev.doorbell.localstack;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/** A program that starts a stack and runs until it is ended from outside. Argument: the directory to keep, or none. */
final class StackProgram {
    static final String READY = "both ready";
    static final String STILL_THERE = "both still there in the shutdown hook";
    private static final int ANSWER_LIMIT_SECONDS = 5;

    private StackProgram() {}

    public static void main(String[] arguments) throws Exception {
        LocalStack stack = arguments.length == 0
                ? LocalStack.start(System.out::println)
                : LocalStack.startIn(Path.of(arguments[0]), System.out::println);
        if (arguments.length == 0) {
            startIdleChild();
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> lookOnceMore(stack)));
        System.out.println(READY);
        synchronized (stack) {
            stack.wait();
        }
    }

    private static void startIdleChild() throws IOException {
        OwnedDirectory owned = OwnedDirectory.create("children");
        Java.child(Java.classPath(), List.of("-Xmx32m", owned.jvmArgument()), IdleProgram.class)
                .redirectErrorStream(true)
                .redirectOutput(owned.path().resolve("child.log").toFile())
                .start();
    }

    /** As a service that finishes what is in work. */
    private static void lookOnceMore(LocalStack stack) {
        try (Connection connection =
                        DriverManager.getConnection(stack.postgres().jdbcUrl("postgres"));
                Admin admin =
                        Admin.create(Map.of("bootstrap.servers", stack.kafka().bootstrapServers()))) {
            connection.createStatement().execute("SELECT 1");
            admin.listTopics().names().get(ANSWER_LIMIT_SECONDS, TimeUnit.SECONDS);
            System.out.println(STILL_THERE);
        } catch (SQLException | InterruptedException | ExecutionException | TimeoutException e) {
            System.out.println("not there any more: " + e);
        }
    }
}
