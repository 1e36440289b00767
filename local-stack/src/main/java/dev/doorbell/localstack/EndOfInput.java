package dev.doorbell.localstack;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * How a child JVM is told to end in order, on every operating system: by the end of its standard input, which comes when
 * the parent closes it or is gone. Both sides of it; uses nothing but the JDK, for children with a class path of their own.
 */
final class EndOfInput {
    private static final long EXIT_LIMIT_SECONDS = 20;
    /** Longer than the child's own limit. */
    private static final int STOP_LIMIT_SECONDS = 25;

    private EndOfInput() {}

    /** In the child: from now on the end of the input ends it. */
    static void endsThisJvm() {
        Thread watcher = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            continue;
                        }
                    } catch (IOException closed) {
                        // As good as its end.
                    }
                    ScheduledExecutorService limit = Executors.newSingleThreadScheduledExecutor();
                    limit.schedule(() -> Runtime.getRuntime().halt(1), EXIT_LIMIT_SECONDS, TimeUnit.SECONDS);
                    System.exit(0);
                },
                "end-with-parent");
        watcher.setDaemon(true);
        watcher.start();
    }

    /** In the parent: in order; by force if that takes too long. */
    static void stop(Process process) {
        try {
            process.getOutputStream().close();
            if (process.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (IOException pipeBroken) {
            // It has ended, or is about to be ended.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        kill(process);
    }

    static void kill(Process process) {
        process.destroyForcibly();
        process.onExit().join();
    }
}
